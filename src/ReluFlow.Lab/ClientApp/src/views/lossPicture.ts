import { drawLevels } from "../draw/axes";
import type { Pen } from "../draw/pen";
import { linearScale, logScale, type Scale } from "../draw/scale";
import type { Lab } from "../lab";
import { numberText } from "../model/numberText";
import { TimePicture } from "./timePicture";

// Below it a loss is rounding.
const LEAST_LOSS = 1e-16;

/** L over time, with the plateaus and jumps that theory predicts. */
export class LossPicture extends TimePicture {
  constructor(lab: Lab) {
    super("loss", "Loss over time", "Blue: plateaus and jumps as theory has them. Grey: the run before.", lab, "loss L");
  }

  protected override key(): string {
    return `${super.key()}|${this.lab.logLoss}|${this.lab.story?.lossUpTo}`;
  }

  protected override get heights(): Scale {
    const { top, height } = this.box;
    const { run, previous } = this.lab;
    const losses = [...run.frames, ...(previous?.frames ?? [])].map((frame) => frame.loss).filter(Number.isFinite);
    const plateaus = run.theory.plateaus ?? [];
    const largest = losses.concat(plateaus).reduce((a, b) => Math.max(a, b), 0) || 1;
    if (!this.lab.logLoss) {
      return linearScale(0, this.lab.story?.lossUpTo ?? largest * 1.06, top + height, top);
    }

    const least = losses.reduce((a, b) => (b > 0 ? Math.min(a, b) : a), largest);
    return logScale(Math.max(LEAST_LOSS, Math.min(least, largest / 10)), largest * 1.5, top + height, top);
  }

  protected override drawStill(pen: Pen): void {
    const { run, previous } = this.lab;
    const { colors, box } = this;
    this.drawFrameOf(pen);
    this.drawPredictions(pen);
    pen.within(box, () => {
      if (previous) {
        pen.line(this.points(previous, (i) => previous.frames[i]!.loss), { color: colors.unsigned, width: 1.5, opacity: 0.7 });
      }

      pen.line(this.points(run, (i) => Math.max(run.frames[i]!.loss, this.lab.logLoss ? LEAST_LOSS : 0)), { color: colors.measured, width: 2 });
    });

    // Last, so that no curve runs through the words.
    const levels = [...new Set(run.theory.plateaus ?? [])].filter((level) => level > 0);
    drawLevels(pen, box, levels.map((level) => ({ at: this.heights.at(level), words: `L = ${numberText(level, 4)}` })), "right", colors.predicted, colors);
  }

  protected override drawMoving(pen: Pen): void {
    this.drawCursor(pen);
    const { frame } = this.lab;
    if (frame) {
      pen.marks("dot", [this.cursorAt(frame.time), this.heights.at(frame.loss)], 4, this.colors.cursor);
    }
  }
}
