import { drawAxes, plotBox } from "../draw/axes";
import { signColor } from "../draw/palette";
import type { Box, Pen } from "../draw/pen";
import { linearScale, padded, type Scale } from "../draw/scale";
import type { Lab } from "../lab";
import type { Points } from "../model/experiment";
import { kinkOf, outputsAt, type NetworkWeights } from "../model/network";
import { exponentialText } from "../model/numberText";
import type { Run } from "../model/run";
import { rounded } from "../model/samples";
import type { Story } from "../model/stories/story";
import { signOf, type Frame } from "../wire/frame";
import { SamplesPicture, type SamplePlace } from "./samplesPicture";

const REACH = 9;

interface Layout {
  points: Points | undefined;
  end: Frame | undefined;
  story: Story | undefined;
  width: number;
  height: number;
  x: Scale;
  y: Scale;
}

/** f of one input with the samples, and every neuron as a star at its kink and the height s_j‖w_j‖. */
export class FunctionPicture extends SamplesPicture {
  private old: Layout | undefined;

  constructor(lab: Lab) {
    super("function", "Learned function, samples and kinks", "Line: f. Dots: samples. Stars: neurons at their kinks, violet a > 0, orange a < 0. Grey: the run before. Blue dashes: least squares.", lab);
  }

  protected override key(): string {
    return `${this.x.low}|${this.x.high}|${this.y.low}|${this.y.high}`;
  }

  protected override drawStill(pen: Pen): void {
    drawAxes(pen, this.box, this.x, this.y, { x: "x", y: "f(x), samples" }, this.colors);
    const zero = Math.round(this.y.at(0)) + 0.5;
    pen.line([this.box.left, zero, this.box.left + this.box.width, zero], { color: this.colors.guide, dash: [4, 4] });
  }

  protected override drawMoving(pen: Pen): void {
    const { frame, previousFrame, run, reduced, points } = this.lab;
    const { colors, box } = this;
    pen.within(box, () => {
      const line = run.theory.leastSquares;
      if (line) {
        const ends = [this.x.low, this.x.high].flatMap((x) => [this.x.at(x), this.y.at(line.slope * x + line.offset)]);
        pen.line(ends, { color: colors.predicted, dash: [6, 4], width: 1.2 });
      }

      if (previousFrame && this.isOnALine(previousFrame, this.lab.previous)) {
        pen.line(this.curve(previousFrame), { color: colors.unsigned, width: 2, opacity: 0.7 });
      }

      if (frame && this.isOnALine(frame)) {
        pen.line(this.curve(frame), { color: colors.measured, width: 2.5 });
        this.drawStars(pen, frame);
      }

      if (reduced && this.isOnALine(reduced.network)) {
        pen.line(this.curve(reduced.network), { color: colors.saddle, width: 2, dash: [7, 4] });
      }
    });
    if (points && points.inputs[0]?.length === 1) {
      this.drawSamples(pen);
    }

    if (frame && this.isOnALine(frame)) {
      pen.text(box.left + box.width, 4, `stars: ±‖w‖ / ${exponentialText(largest(frame))}`, { color: colors.quiet, align: "end", baseline: "top" });
    }
  }

  protected override placeOf(input: number[], target: number): [number, number] {
    return [this.x.at(input[0]!), this.y.at(target)];
  }

  protected override sampleAt(x: number, y: number): SamplePlace {
    return { input: [rounded(this.x.valueAt(x), this.x.high - this.x.low)], target: rounded(this.y.valueAt(y), this.y.high - this.y.low) };
  }

  protected override neuronAt(x: number, y: number): number | undefined {
    const { frame } = this.lab;
    if (!frame || !this.isOnALine(frame)) {
      return undefined;
    }

    const unit = largest(frame);
    let [found, distance]: [number | undefined, number] = [undefined, REACH];
    for (let j = 0; j < frame.neurons; j++) {
      const [px, py] = this.star(frame, j, unit);
      const away = Math.hypot(px - x, py - y);
      if (away < distance) {
        [found, distance] = [j, away];
      }
    }

    return found;
  }

  private drawSamples(pen: Pen): void {
    const { points, samples: { selected: selectedPoint } } = this.lab;
    const places = points!.inputs.flatMap((input, k) => this.placeOf(input, points!.targets[k]![0]!));
    pen.marks("dot", places, points!.inputs.length > 60 ? 4 : 6.5, this.colors.ground);
    pen.marks("dot", places, points!.inputs.length > 60 ? 3 : 5, this.colors.ink);
    if (selectedPoint !== undefined && selectedPoint < points!.inputs.length) {
      pen.marks("ring", places.slice(2 * selectedPoint, 2 * selectedPoint + 2), 9, this.colors.cursor);
    }
  }

  private drawStars(pen: Pen, frame: Frame): void {
    const { hovered, selected } = this.lab;
    const unit = largest(frame);
    const groups = new Map<number, { places: number[]; radii: number[] }>([[1, { places: [], radii: [] }], [-1, { places: [], radii: [] }], [0, { places: [], radii: [] }]]);
    for (let j = 0; j < frame.neurons; j++) {
      const group = groups.get(signOf(frame, j))!;
      group.places.push(...this.star(frame, j, unit));
      group.radii.push(3 + 3 * Math.sqrt(Math.exp(frame.logIn[j]! - unit)));
    }

    groups.forEach(({ places, radii }, sign) => pen.marks("star", places, radii, signColor(this.colors, sign), 0.75));
    for (const j of selected) {
      pen.marks("ring", this.star(frame, j, unit), 8, this.colors.saddle);
    }

    if (hovered !== undefined && hovered < frame.neurons) {
      pen.marks("ring", this.star(frame, hovered, unit), 8, this.colors.ink);
    }
  }

  private star(frame: Frame, neuron: number, unit: number): [number, number] {
    const { y } = this;
    const zero = y.at(0);
    const room = 0.92 * Math.min(zero - y.at(y.high), y.at(y.low) - zero);
    return [this.x.at(frame.coordinates === 2 ? kinkOf(frame, neuron) : 0), zero - signOf(frame, neuron) * Math.exp(frame.logIn[neuron]! - unit) * room];
  }

  // Every other pixel: what a kink loses by it is hidden by the width of the line.
  private curve(network: NetworkWeights): Float64Array {
    const { left, width } = this.box;
    const count = Math.max(2, Math.round(width / 2) + 1);
    const inputs = Float64Array.from({ length: count }, (_, i) => this.x.valueAt(left + (i * width) / (count - 1)));
    const f = outputsAt(network, inputs, 1);
    return Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? this.x.at(inputs[i >> 1]!) : this.y.at(f[i >> 1]!)));
  }

  // What f is between the samples in the end, as far as it does not dwarf them.
  private between(end: Frame, low: number, high: number, largest: number): number[] {
    const inputs = Float64Array.from({ length: 65 }, (_, i) => low + (i / 64) * (high - low));
    return [...outputsAt(end, inputs, 1)].map((value) => Math.min(3 * largest, Math.max(-3 * largest, value)));
  }

  private isOnALine(network: Frame | NetworkWeights, run?: Run): boolean {
    return network.outputs === 1 && this.lab.givenInputs(network, run) === 1;
  }

  private get box(): Box {
    return plotBox(this.size.width, this.size.height);
  }

  private get x(): Scale {
    return this.layout().x;
  }

  private get y(): Scale {
    return this.layout().y;
  }

  // Ranges follow the samples and the end, but not while a sample is dragged: the picture would slip away under the pointer.
  private layout(): Layout {
    const { points, samples: { isDragging }, run, story } = this.lab;
    const end = run.finished ? run.last : undefined;
    const { width, height } = this.size;
    const old = this.old;
    if (old && old.width === width && old.height === height && (isDragging || (old.points === points && old.end === end && old.story === story))) {
      return old;
    }

    const usable = points && points.inputs[0]?.length === 1 && points.inputs.length > 0;
    const xs = usable ? points.inputs.map(([x]) => x!) : [-1, 1];
    const ys = usable ? points.targets.map(([y]) => y!) : [-1, 1];
    const f = end && this.isOnALine(end) ? this.between(end, Math.min(...xs), Math.max(...xs), Math.max(...ys.map(Math.abs))) : [];
    const { left, top, width: across, height: up } = this.box;
    this.old = {
      points, end, story, width, height,
      x: linearScale(...(story?.across ?? padded(Math.min(...xs), Math.max(...xs), 0.35)), left, left + across),
      y: linearScale(...padded(Math.min(0, ...ys, ...f), Math.max(0, ...ys, ...f), f.length > 0 ? 0.2 : 0.45), top + up, top),
    };
    return this.old;
  }
}

function largest(frame: Frame): number {
  return frame.logIn.reduce((a, b) => Math.max(a, b), -Infinity);
}
