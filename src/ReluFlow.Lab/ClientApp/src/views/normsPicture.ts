import { signColor } from "../draw/palette";
import type { Pen } from "../draw/pen";
import { decadeScale, padded, type Scale } from "../draw/scale";
import type { Lab } from "../lab";
import { NormRange } from "../model/normRange";
import { signOf } from "../wire/frame";
import { TimePicture } from "./timePicture";

// More lines than this are one surface and cost frames.
const MOST_LINES = 120;

// A neuron is found by a pointer that is this near, in pixels.
const REACH = 8;

/** ln ‖w_j‖ of every neuron over time, as powers of ten. */
export class NormsPicture extends TimePicture {
  private readonly range = new NormRange();
  private cached: { revision: string; range: [number, number]; shown: number[] } | undefined;

  constructor(lab: Lab) {
    super("norms", "Norms of the neurons", "A line a neuron: its slope is its growth rate.", lab, "‖w‖");
    this.canvas.addEventListener("pointermove", (event) => event.buttons === 0 && this.lab.hover(this.neuronAt(event.offsetX, event.offsetY)));
    this.canvas.addEventListener("pointerleave", () => this.lab.hover(undefined));
  }

  protected override get heights(): Scale {
    const { top, height } = this.box;
    return decadeScale(...this.current.range, top + height, top);
  }

  protected override drawStill(pen: Pen): void {
    this.drawFrameOf(pen);
    this.drawPredictions(pen);
    const { run } = this.lab;
    const { shown } = this.current;
    const last = run.last;
    if (!last) {
      return;
    }

    pen.within(this.box, () => {
      const opacity = shown.length > 40 ? 0.45 : 0.7;
      for (const j of shown) {
        pen.line(this.lineOf(j), { color: signColor(this.colors, signOf(last, j)), opacity });
      }
    });
    if (shown.length < last.neurons) {
      pen.text(this.box.left + 6, this.box.top + this.box.height - 8, `${shown.length} of ${last.neurons} neurons, evenly by their norms`, { color: this.colors.quiet, halo: this.colors.ground });
    }
  }

  protected override drawMoving(pen: Pen): void {
    this.drawCursor(pen);
    const { run, hovered, selected } = this.lab;
    pen.within(this.box, () => {
      for (const j of selected) {
        pen.line(this.lineOf(j), { color: this.colors.saddle, width: 2 });
      }

      if (hovered !== undefined && run.last && hovered < run.last.neurons) {
        pen.line(this.lineOf(hovered), { color: this.colors.ink, width: 2.5 });
      }
    });
  }

  private lineOf(neuron: number): Float64Array {
    const { frames } = this.lab.run;
    return this.points(this.lab.run, (i) => frames[i]!.logIn[neuron]! / Math.LN10);
  }

  private get current(): { revision: string; range: [number, number]; shown: number[] } {
    const { run } = this.lab;
    if (this.cached?.revision !== run.revision) {
      this.cached = { revision: run.revision, ...this.survey() };
    }

    return this.cached;
  }

  // All neurons count for the range of the axis; of too many, every so-and-so-many-th by its last norm is shown, and always the largest.
  private survey(): { range: [number, number]; shown: number[] } {
    const { run } = this.lab;
    const { last } = run;
    const range = this.range.of(run);
    const order = last ? [...last.logIn.keys()].sort((a, b) => last.logIn[b]! - last.logIn[a]!) : [];
    const stride = order.length / Math.min(order.length, MOST_LINES);
    const shown = Array.from({ length: Math.min(order.length, MOST_LINES) }, (_, i) => order[Math.floor(i * stride)]!);
    return { range: range ? padded(range[0] / Math.LN10, range[1] / Math.LN10, 0.05) : [-8, 1], shown };
  }

  private neuronAt(x: number, y: number): number | undefined {
    const { run } = this.lab;
    if (!run.last) {
      return undefined;
    }

    const frame = run.frames[run.indexAt(this.time.valueAt(x))]!;
    let [found, distance]: [number | undefined, number] = [undefined, REACH];
    for (const j of this.current.shown) {
      const away = Math.abs(this.heights.at(frame.logIn[j]! / Math.LN10) - y);
      if (away < distance) {
        [found, distance] = [j, away];
      }
    }

    return found;
  }
}
