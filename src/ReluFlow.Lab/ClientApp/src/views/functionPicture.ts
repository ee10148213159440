import { drawAxes } from "../draw/axes";
import { signColor } from "../draw/palette";
import type { Pen } from "../draw/pen";
import { padded } from "../draw/scale";
import type { Lab } from "../lab";
import type { Points } from "../model/experiment";
import { kinkOf, outputsAt, type NetworkWeights } from "../model/network";
import { exponentialText } from "../model/numberText";
import { longest } from "../model/planePlaces";
import { rounded } from "../model/samples";
import { signOf, type Frame } from "../wire/frame";
import { SamplesPicture, type Ranges, type SamplePlace } from "./samplesPicture";

const REACH = 9;

/** f of one input with the samples, and every neuron as a star at its kink and the height s_j‖w_j‖. */
export class FunctionPicture extends SamplesPicture {
  constructor(lab: Lab) {
    super("function", "Learned function, samples and kinks", "Line: f. Dots: samples. Stars: neurons at their kinks, violet a > 0, orange a < 0. Grey: the run before, its stars against its own longest neuron. Blue dashes: least squares.", lab, 1);
  }

  protected override drawStill(pen: Pen): void {
    drawAxes(pen, this.box, this.x, this.y, { x: "x", y: "f(x), samples" }, this.colors);
    const zero = Math.round(this.y.at(0)) + 0.5;
    pen.line([this.box.left, zero, this.box.left + this.box.width, zero], { color: this.colors.guide, dash: [4, 4] });
  }

  protected override drawMoving(pen: Pen): void {
    const { frame, previousFrame, run, reduced } = this.lab;
    const { colors, box, points } = this;
    pen.within(box, () => {
      const line = run.theory.leastSquares;
      if (line) {
        const ends = [this.x.low, this.x.high].flatMap((x) => [this.x.at(x), this.y.at(line.slope * x + line.offset)]);
        pen.line(ends, { color: colors.predicted, dash: [6, 4], width: 1.2 });
      }

      if (previousFrame && this.shows(previousFrame, this.lab.previous)) {
        pen.line(this.curve(previousFrame), { color: colors.unsigned, width: 2, opacity: 0.7 });
        this.drawStars(pen, previousFrame, () => colors.unsigned, 0.45);
      }

      if (frame && this.shows(frame)) {
        pen.line(this.curve(frame), { color: colors.measured, width: 2.5 });
        this.drawStars(pen, frame, (sign) => signColor(colors, sign), 0.75);
        this.drawMarked(pen, frame);
      }

      if (reduced && this.shows(reduced.network)) {
        pen.line(this.curve(reduced.network), { color: colors.saddle, width: 2, dash: [7, 4] });
      }
    });
    if (points) {
      this.drawSamples(pen, points);
    }

    if (frame && this.shows(frame)) {
      pen.text(box.left + box.width, 4, `stars: ±‖w‖ / ${exponentialText(longest(frame))}`, { color: colors.quiet, align: "end", baseline: "top", halo: colors.ground });
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
    if (!frame || !this.shows(frame)) {
      return undefined;
    }

    const unit = longest(frame);
    let [found, distance]: [number | undefined, number] = [undefined, REACH];
    const place = this.starPlaces(frame, unit);
    for (let j = 0; j < frame.neurons; j++) {
      const away = Math.hypot(place.x(j) - x, place.y(j) - y);
      if (away < distance) {
        [found, distance] = [j, away];
      }
    }

    return found;
  }

  private drawSamples(pen: Pen, { inputs, targets }: Points): void {
    const { selected } = this.lab.samples;
    const places = inputs.flatMap((input, k) => this.placeOf(input, targets[k]![0]!));
    pen.marks("dot", places, inputs.length > 60 ? 4 : 6.5, this.colors.ground);
    pen.marks("dot", places, inputs.length > 60 ? 3 : 5, this.colors.ink);
    if (selected !== undefined && selected < inputs.length) {
      pen.marks("ring", places.slice(2 * selected, 2 * selected + 2), 9, this.colors.cursor);
    }
  }

  // Heights against the longest of the same network.
  private drawStars(pen: Pen, frame: Frame, colorOf: (sign: number) => string, opacity: number): void {
    const unit = longest(frame);
    const groups = new Map<number, { places: number[]; radii: number[] }>([[1, { places: [], radii: [] }], [-1, { places: [], radii: [] }], [0, { places: [], radii: [] }]]);
    const place = this.starPlaces(frame, unit);
    for (let j = 0; j < frame.neurons; j++) {
      const group = groups.get(signOf(frame, j))!;
      group.places.push(place.x(j), place.y(j));
      group.radii.push(3 + 3 * Math.sqrt(Math.exp(frame.logIn[j]! - unit)));
    }

    groups.forEach(({ places, radii }, sign) => pen.marks("star", places, radii, colorOf(sign), opacity));
  }

  private drawMarked(pen: Pen, frame: Frame): void {
    const { hovered, selected } = this.lab;
    const place = this.starPlaces(frame, longest(frame));
    for (const j of selected) {
      pen.marks("ring", [place.x(j), place.y(j)], 8, this.colors.saddle);
    }

    if (hovered !== undefined && hovered < frame.neurons) {
      pen.marks("ring", [place.x(hovered), place.y(hovered)], 8, this.colors.ink);
    }
  }

  // Where the star of a neuron is.
  private starPlaces(frame: Frame, unit: number): { x: (neuron: number) => number; y: (neuron: number) => number } {
    const { x, y } = this;
    const zero = y.at(0);
    const room = 0.92 * Math.min(zero - y.at(y.high), y.at(y.low) - zero);
    return {
      x: (neuron) => x.at(frame.coordinates === 2 ? kinkOf(frame, neuron) : 0),
      y: (neuron) => zero - signOf(frame, neuron) * Math.exp(frame.logIn[neuron]! - unit) * room,
    };
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

  protected override ranges(points: Points | undefined, end: Frame | undefined): Ranges {
    const xs = points?.inputs.map(([x]) => x!) ?? [-1, 1];
    const ys = points?.targets.map(([y]) => y!) ?? [-1, 1];
    const [low, high] = [Math.min(...xs), Math.max(...xs)];
    const f = end ? this.between(end, low, high, Math.max(...ys.map(Math.abs))) : [];
    return {
      across: this.lab.story?.across ?? padded(low, high, 0.35),
      up: padded(Math.min(0, ...ys, ...f), Math.max(0, ...ys, ...f), f.length > 0 ? 0.2 : 0.45),
    };
  }
}
