import { drawAxes } from "../draw/axes";
import { contour } from "../draw/contour";
import { channels, signColor } from "../draw/palette";
import type { Box, Pen, Raster } from "../draw/pen";
import { padded } from "../draw/scale";
import type { Lab } from "../lab";
import type { Points } from "../model/experiment";
import { outputsAt, outputsOnGrid, type NetworkWeights } from "../model/network";
import { numberText } from "../model/numberText";
import { rounded } from "../model/samples";
import { SamplesPicture, type Ranges, type SamplePlace } from "./samplesPicture";

// 48 × 48 values at 500 neurons are half a million products: two milliseconds.
const CELLS = 48;

/** f of two inputs as colours, its zero as a line, and the samples. */
export class DecisionPicture extends SamplesPicture {
  constructor(lab: Lab) {
    super("decision", "Learned function of two inputs", "Violet: f > 0. Orange: f < 0. Green line: f = 0; two lines where no neuron is active between. Grey line: that of the run before.", lab, 2);
  }

  protected override drawStill(pen: Pen): void {
    drawAxes(pen, this.box, this.x, this.y, { x: "x₁", y: "x₂" }, this.colors);
  }

  protected override drawMoving(pen: Pen): void {
    const { frame, previousFrame, reduced } = this.lab;
    const { box, colors } = this;
    pen.within(box, () => {
      if (frame && this.shows(frame)) {
        const f = this.values(frame);
        pen.raster(this.raster(f), this.rasterBox, true);
        this.drawContours(pen, frame, f, colors.measured, []);
      }

      if (previousFrame && this.shows(previousFrame, this.lab.previous)) {
        this.drawContours(pen, previousFrame, this.values(previousFrame), colors.unsigned, []);
      }

      if (reduced && this.shows(reduced.network)) {
        this.drawContours(pen, reduced.network, this.values(reduced.network), colors.saddle, [6, 4]);
      }
    });
    this.drawSamples(pen);
    pen.text(box.left + box.width, 4, `full colour: |f| ≥ ${numberText(this.largest, 3)}`, { color: colors.quiet, align: "end", baseline: "top" });
  }

  protected override placeOf(input: number[]): [number, number] {
    return [this.x.at(input[0]!), this.y.at(input[1]!)];
  }

  protected override sampleAt(x: number, y: number, target: number): SamplePlace {
    return { input: [rounded(this.x.valueAt(x), this.x.high - this.x.low), rounded(this.y.valueAt(y), this.y.high - this.y.low)], target };
  }

  protected override neuronAt(): number | undefined {
    return undefined;
  }

  private drawSamples(pen: Pen): void {
    const { points, lab: { samples: { selected } } } = this;
    if (!points) {
      return;
    }

    points.inputs.forEach((input, k) => {
      const target = points.targets[k]![0]!;
      const at = this.placeOf(input);
      pen.marks("dot", at, 7.5, this.colors.ground);
      pen.marks(target < 0 ? "square" : "dot", at, target < 0 ? 4.5 : 5.5, signColor(this.colors, target));
      if (k === selected) {
        pen.marks("ring", at, 10, this.colors.cursor);
      }

      if (points.inputs.length <= 30) {
        pen.text(at[0] + 10, at[1] - 8, numberText(target, 3), { color: this.colors.ink, halo: this.colors.ground });
      }
    });
  }

  // Where f is positive and where it is negative end at one line, or at the two borders of where no neuron is active.
  private drawContours(pen: Pen, network: NetworkWeights, f: Float64Array, color: string, dash: number[]): void {
    for (const sign of [1, -1]) {
      const lines = contour(f.map((value) => sign * value), CELLS, CELLS, (places) => this.valuesAt(network, places).map((value) => sign * value));
      pen.line(lines.map((value, i) => (i % 2 === 0 ? this.across(value) : this.up(value))), { color, width: 1.8, dash });
    }
  }

  private values(network: NetworkWeights): Float64Array {
    const cells = Float64Array.from({ length: CELLS }, (_, i) => i);
    return outputsOnGrid(network, cells.map((cell) => this.x.valueAt(this.across(cell))), cells.map((cell) => this.y.valueAt(this.up(cell))));
  }

  // At places in units of cells.
  private valuesAt(network: NetworkWeights, places: Float64Array): Float64Array {
    return outputsAt(network, places.map((value, i) => (i % 2 === 0 ? this.x.valueAt(this.across(value)) : this.y.valueAt(this.up(value)))), 2);
  }

  private across(cells: number): number {
    return this.box.left + (cells / (CELLS - 1)) * this.box.width;
  }

  private up(cells: number): number {
    return this.box.top + (cells / (CELLS - 1)) * this.box.height;
  }

  // The first and the last values are those of the edges, and a cell has its value in its middle.
  private get rasterBox(): Box {
    const [left, top] = [this.across(-0.5), this.up(-0.5)];
    return { left, top, width: this.across(CELLS - 0.5) - left, height: this.up(CELLS - 0.5) - top };
  }

  private raster(f: Float64Array): Raster {
    const [positive, negative, ground] = [channels(this.colors.positive), channels(this.colors.negative), channels(this.colors.ground)];
    const { largest } = this;
    const rgba = new Uint8ClampedArray(4 * f.length);
    f.forEach((value, i) => {
      const share = 0.75 * Math.min(1, Math.abs(value) / largest);
      const to = value > 0 ? positive : negative;
      for (let part = 0; part < 3; part++) {
        rgba[4 * i + part] = ground[part]! + share * (to[part]! - ground[part]!);
      }

      rgba[4 * i + 3] = 255;
    });
    return { columns: CELLS, rows: CELLS, rgba };
  }

  protected override ranges(points: Points | undefined): Ranges {
    const along = (i: number) => (points ? padded(Math.min(0, ...points.inputs.map((row) => row[i]!)), Math.max(0, ...points.inputs.map((row) => row[i]!)), 0.2) : ([-1.2, 1.2] as const));
    return { across: along(0), up: along(1) };
  }

  // The largest target: f of that size has full colour.
  private get largest(): number {
    return (this.points?.targets ?? []).reduce((most, [y]) => Math.max(most, Math.abs(y!)), 0) || 1;
  }
}
