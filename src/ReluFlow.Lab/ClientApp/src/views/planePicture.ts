import { signColor } from "../draw/palette";
import type { Pen } from "../draw/pen";
import type { Lab } from "../lab";
import type { Points } from "../model/experiment";
import { exponentialText, numberText, subscript } from "../model/numberText";
import type { Plane } from "../model/plane";
import { longest, PlanePlaces } from "../model/planePlaces";
import { signOf, type Frame } from "../wire/frame";
import { Picture } from "./picture";

// So many pieces of trails are drawn in a frame's time with room to spare.
const MOST_PIECES = 4000;
const LONGEST_TRAIL = 40;
const MOST_BOUNDARIES = 12;
const POINTS_OF_RING = 73;
const REACH = 10;

// From the ring to the names of samples, past a dot on it.
const AWAY = 15;

/** Neurons as points of a plane: radius by norm against the longest at that time, colour by output sign, with trails. */
export class PlanePicture extends Picture {
  private points: Points | undefined;
  private version = 0;
  private readonly places = new PlanePlaces(LONGEST_TRAIL + 1);

  constructor(private readonly lab: Lab) {
    super("neurons", "Neurons as vectors", "Radius: norm, against the longest now. Dashes: where a gate changes.");
    this.canvas.addEventListener("pointermove", (event) => lab.hover(this.neuronAt(event.offsetX, event.offsetY)));
    this.canvas.addEventListener("pointerleave", () => lab.hover(undefined));
    this.canvas.addEventListener("click", (event) => {
      const neuron = this.neuronAt(event.offsetX, event.offsetY);
      if (neuron !== undefined) {
        lab.toggle(neuron);
      }
    });
  }

  protected override key(): string {
    const { run, points } = this.lab;
    if (points !== this.points) {
      this.points = points;
      this.version++;
    }

    return `${this.version}|${run.request}|${run.last?.inPlane}|${run.currentPlane()?.shares}`;
  }

  protected override drawStill(pen: Pen): void {
    for (const radius of [0.5, 1]) {
      pen.line(this.ring(radius), { color: this.colors.guide, width: 0.8 });
    }

    this.drawBoundaries(pen);
    const shares = this.lab.run.currentPlane()?.shares;
    const words = this.lab.run.last?.inPlane ? "principal plane of the inputs"
      : shares ? `principal plane: ${numberText(100 * shares[0], 3)}% + ${numberText(100 * shares[1], 3)}% of Σ‖w‖²` : "w in the plane of the inputs";
    pen.text(this.size.width - 8, this.size.height - 4, words, { color: this.colors.quiet, align: "end", baseline: "bottom", halo: this.colors.ground });
  }

  protected override drawMoving(pen: Pen): void {
    const { frame, run, hovered, selected } = this.lab;
    const plane = run.currentPlane();
    if (!frame || !plane) {
      return;
    }

    if (this.lab.trails) {
      this.drawTrails(pen, plane);
    }

    const unit = longest(frame);
    const [x0, y0] = this.center;
    const places = this.places.of(frame, plane);
    const place = (j: number) => [x0 + this.reach * places[2 * j]!, y0 - this.reach * places[2 * j + 1]!] as const;
    for (const sign of [1, -1, 0]) {
      const [points, radii]: [number[], number[]] = [[], []];
      for (let j = 0; j < frame.neurons; j++) {
        if (signOf(frame, j) === sign) {
          points.push(...place(j));
          radii.push(this.radius(frame, j, unit));
        }
      }

      pen.marks("dot", points, radii, signColor(this.colors, sign), 0.75);
    }

    for (const j of selected) {
      pen.marks("ring", place(j), this.radius(frame, j, unit) + 3, this.colors.saddle);
    }

    if (hovered !== undefined && hovered < frame.neurons) {
      pen.marks("ring", place(hovered), this.radius(frame, hovered, unit) + 3, this.colors.ink);
    }

    pen.text(8, 4, `ring: ‖w‖ = ${exponentialText(unit)}`, { color: this.colors.quiet, baseline: "top", halo: this.colors.ground });
  }

  private drawTrails(pen: Pen, plane: Plane): void {
    const { run, index } = this.lab;
    const now = run.frames[index]!;
    const length = Math.min(LONGEST_TRAIL, Math.max(3, Math.floor(MOST_PIECES / now.neurons)), index);
    const past = Array.from({ length: length + 1 }, (_, i) => this.places.of(run.frames[index - length + i]!, plane));
    const [x0, y0] = this.center;
    const { reach } = this;
    for (const sign of [1, -1, 0]) {
      const line = new Float64Array(2 * now.neurons * (length + 2)).fill(NaN);
      let at = 0;
      for (let j = 0; j < now.neurons; j++) {
        if (signOf(now, j) === sign) {
          for (const places of past) {
            line[at++] = x0 + reach * places[2 * j]!;
            line[at++] = y0 - reach * places[2 * j + 1]!;
          }

          at += 2;
        }
      }

      pen.line(line.subarray(0, at), { color: signColor(this.colors, sign), opacity: 0.3 });
    }
  }

  // In the inputs' own plane the gate of sample k changes where ⟨w, x_k⟩ = 0.
  private drawBoundaries(pen: Pen): void {
    const { points, run } = this.lab;
    const given = points?.inputs[0]?.length ?? 0;
    if (!points || given + (run.experiment.bias ? 1 : 0) !== 2 || points.inputs.length > MOST_BOUNDARIES) {
      return;
    }

    const [x0, y0] = this.center;
    points.inputs.forEach((input, k) => {
      const [a, b] = [input[0]!, given === 2 ? input[1]! : 1];
      const length = Math.hypot(a, b) / this.reach;
      const across = [x0 - b / length, y0 - a / length, x0 + b / length, y0 + a / length];
      pen.line(across, { color: this.colors.guide, dash: [3, 3] });
      const beyond = 1 + AWAY / this.reach;
      pen.text(x0 + beyond * (a / length), y0 - beyond * (b / length), `x${subscript(k + 1)}`, { color: this.colors.quiet, align: "middle", halo: this.colors.ground });
    });
  }

  private ring(radius: number): Float64Array {
    const [x, y] = this.center;
    return Float64Array.from({ length: 2 * POINTS_OF_RING }, (_, i) => {
      const angle = (2 * Math.PI * (i >> 1)) / (POINTS_OF_RING - 1);
      return i % 2 === 0 ? x + radius * this.reach * Math.cos(angle) : y + radius * this.reach * Math.sin(angle);
    });
  }

  private get center(): [number, number] {
    return [this.size.width / 2, this.size.height / 2];
  }

  private get reach(): number {
    return Math.max(10, Math.min(this.size.width, this.size.height) / 2 - 26);
  }

  private radius(frame: Frame, neuron: number, unit: number): number {
    return 2 + 3 * Math.sqrt(Math.exp(frame.logIn[neuron]! - unit));
  }

  private neuronAt(x: number, y: number): number | undefined {
    const { frame, run } = this.lab;
    const plane = run.currentPlane();
    if (!frame || !plane) {
      return undefined;
    }

    const places = this.places.of(frame, plane);
    const [x0, y0] = this.center;
    let [found, distance]: [number | undefined, number] = [undefined, REACH];
    for (let j = 0; j < frame.neurons; j++) {
      const away = Math.hypot(x0 + this.reach * places[2 * j]! - x, y0 - this.reach * places[2 * j + 1]! - y);
      if (away < distance) {
        [found, distance] = [j, away];
      }
    }

    return found;
  }
}
