import { signColor } from "../draw/palette";
import type { Pen } from "../draw/pen";
import type { Lab } from "../lab";
import type { Points } from "../model/experiment";
import { exponentialText, numberText } from "../model/numberText";
import { inPlane, type Plane } from "../model/plane";
import { signOf, type Frame } from "../wire/frame";
import { Picture } from "./picture";

// So many pieces of trails are drawn in a frame's time with room to spare.
const MOST_PIECES = 4000;
const LONGEST_TRAIL = 40;
const MOST_BOUNDARIES = 12;
const POINTS_OF_RING = 73;
const REACH = 10;

/** Neurons as points of a plane: radius by norm against the longest at that time, colour by output sign, with trails. */
export class PlanePicture extends Picture {
  private points: Points | undefined;
  private version = 0;

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
    pen.text(this.size.width - 8, this.size.height - 4, words, { color: this.colors.quiet, align: "end", baseline: "bottom" });
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
    const [positive, negative, unsigned]: [number[], number[], number[]] = [[], [], []];
    const radii = new Map([[positive, [] as number[]], [negative, []], [unsigned, []]]);
    for (let j = 0; j < frame.neurons; j++) {
      const sign = signOf(frame, j);
      const group = sign > 0 ? positive : sign < 0 ? negative : unsigned;
      group.push(...this.place(plane, frame, j, unit));
      radii.get(group)!.push(this.radius(frame, j, unit));
    }

    [[positive, 1], [negative, -1], [unsigned, 0]].forEach(([points, sign]) =>
      pen.marks("dot", points as number[], radii.get(points as number[])!, signColor(this.colors, sign as number), 0.75));
    for (const j of selected) {
      pen.marks("ring", this.place(plane, frame, j, unit), this.radius(frame, j, unit) + 3, this.colors.saddle);
    }

    if (hovered !== undefined && hovered < frame.neurons) {
      pen.marks("ring", this.place(plane, frame, hovered, unit), this.radius(frame, hovered, unit) + 3, this.colors.ink);
    }

    pen.text(8, 4, `ring: ‖w‖ = ${exponentialText(unit)}`, { color: this.colors.quiet, baseline: "top", halo: this.colors.ground });
  }

  private drawTrails(pen: Pen, plane: Plane): void {
    const { run, index } = this.lab;
    const { neurons } = run.frames[index]!;
    const length = Math.min(LONGEST_TRAIL, Math.max(3, Math.floor(MOST_PIECES / neurons)), index);
    const units = Array.from({ length: length + 1 }, (_, i) => longest(run.frames[index - length + i]!));
    const lines = new Map<number, number[]>();
    for (let j = 0; j < neurons; j++) {
      const sign = signOf(run.frames[index]!, j);
      const line = lines.get(sign) ?? lines.set(sign, []).get(sign)!;
      for (let i = 0; i <= length; i++) {
        line.push(...this.place(plane, run.frames[index - length + i]!, j, units[i]!));
      }

      line.push(NaN, NaN);
    }

    lines.forEach((line, sign) => pen.line(line, { color: signColor(this.colors, sign), opacity: 0.3 }));
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
      pen.text(x0 + 1.07 * (a / length), y0 - 1.07 * (b / length), `x${subscript(k + 1)}`, { color: this.colors.quiet, align: "middle" });
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

  private place(plane: Plane, frame: Frame, neuron: number, unit: number): [number, number] {
    const [x, y] = inPlane(plane, frame, neuron);
    const scale = this.reach * Math.exp(frame.logIn[neuron]! - unit);
    return [this.size.width / 2 + scale * x, this.size.height / 2 - scale * y];
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

    const unit = longest(frame);
    let [found, distance]: [number | undefined, number] = [undefined, REACH];
    for (let j = 0; j < frame.neurons; j++) {
      const [px, py] = this.place(plane, frame, j, unit);
      const away = Math.hypot(px - x, py - y);
      if (away < distance) {
        [found, distance] = [j, away];
      }
    }

    return found;
  }
}

function longest(frame: Frame): number {
  return frame.logIn.reduce((a, b) => Math.max(a, b), -Infinity);
}

function subscript(k: number): string {
  return [...String(k)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]!).join("");
}
