import { drawAxes, drawInstants, plotBox } from "../draw/axes";
import type { Box, Pen } from "../draw/pen";
import { linearScale, logScale, type Scale } from "../draw/scale";
import type { Lab } from "../lab";
import { numberText } from "../model/numberText";
import type { Run } from "../model/run";
import { Picture } from "./picture";

// Two points a pixel show all that a line can show.
const POINTS_PER_PIXEL = 2;

/** A picture over time: pressing and dragging in it moves the cursor of all pictures. */
export abstract class TimePicture extends Picture {
  constructor(
    name: string,
    heading: string,
    note: string,
    protected readonly lab: Lab,
    private readonly quantity: string,
  ) {
    super(name, heading, note);
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.scrub(event);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.buttons & 1) {
        this.scrub(event);
      }
    });
  }

  protected get box(): Box {
    return plotBox(this.size.width, this.size.height);
  }

  protected get time(): Scale {
    const { left, width } = this.box;
    const { run } = this.lab;
    return run.experiment.spacing === "log"
      ? logScale(Math.min(run.firstTime, run.horizon / 10), run.horizon, left, left + width)
      : linearScale(0, run.horizon, left, left + width);
  }

  /** What heights mean. */
  protected abstract get heights(): Scale;

  protected key(): string {
    const { run, previous } = this.lab;
    return `${run.revision}|${run.horizon}|${previous?.revision ?? ""}`;
  }

  protected drawFrameOf(pen: Pen): void {
    drawAxes(pen, this.box, this.time, this.heights, { x: this.lab.run.experiment.spacing === "log" ? "time t (logarithmic)" : "time t", y: this.quantity }, this.colors);
  }

  /** When theory says that saddles are left. */
  protected drawPredictions(pen: Pen): void {
    const instants = (this.lab.run.theory.saddles ?? []).map(({ time }) => ({ at: this.time.at(time), words: `t ≈ ${numberText(time, 3)}` }));
    drawInstants(pen, this.box, instants, this.colors.predicted, this.colors);
  }

  /** The points of a quantity of a run over time. */
  protected points(run: Run, quantity: (index: number) => number): Float64Array {
    const { time, heights } = this;
    const wanted = Math.max(2, Math.round(this.box.width * POINTS_PER_PIXEL));
    const count = run.frames.length;
    const stride = Math.max(1, Math.ceil(count / wanted));
    const points: number[] = [];
    for (let i = 0; i < count; i += i + stride >= count && i < count - 1 ? count - 1 - i : stride) {
      const t = run.frames[i]!.time;
      points.push(time.at(time.isLog ? Math.max(t, time.low) : t), heights.at(quantity(i)));
    }

    return Float64Array.from(points);
  }

  protected drawCursor(pen: Pen): void {
    const { frame } = this.lab;
    if (frame) {
      const at = this.cursorAt(frame.time);
      pen.line([at, this.box.top, at, this.box.top + this.box.height], { color: this.colors.cursor, width: 1.5 });
    }
  }

  protected cursorAt(time: number): number {
    return this.time.at(this.time.isLog ? Math.max(time, this.time.low) : time);
  }

  private scrub(event: PointerEvent): void {
    const { left, width } = this.box;
    const at = Math.min(left + width, Math.max(left, event.offsetX));
    this.lab.moveToTime(this.time.valueAt(at));
  }
}
