import { drawLevels } from "../draw/axes";
import type { Pen } from "../draw/pen";
import { linearScale, type Scale } from "../draw/scale";
import type { Lab } from "../lab";
import { numberText } from "../model/numberText";
import { TimePicture } from "./timePicture";

/** ‖θ‖² over time against the least that interpolates. */
export class SizePicture extends TimePicture {
  constructor(lab: Lab) {
    super("size", "Squared norm and its minimum", "Blue: the least ‖θ‖² of all networks that fit the samples.", lab, "‖θ‖²");
  }

  protected override get heights(): Scale {
    const { top, height } = this.box;
    const { run, previous } = this.lab;
    const norms = [...run.frames, ...(previous?.frames ?? [])].map((frame) => frame.squaredNorm).filter(Number.isFinite);
    const largest = norms.reduce((a, b) => Math.max(a, b), run.theory.minimumSquaredNorm?.primal ?? 0) || 1;
    return linearScale(0, largest * 1.1, top + height, top);
  }

  protected override drawStill(pen: Pen): void {
    const { run, previous } = this.lab;
    const { colors, box } = this;
    this.drawFrameOf(pen);
    pen.within(box, () => {
      if (previous) {
        pen.line(this.points(previous, (i) => previous.frames[i]!.squaredNorm), { color: colors.unsigned, width: 1.5, opacity: 0.7 });
      }

      pen.line(this.points(run, (i) => run.frames[i]!.squaredNorm), { color: colors.measured, width: 2 });
    });

    // Last, so that no curve runs through the words.
    const minimum = run.theory.minimumSquaredNorm;
    if (minimum?.primal) {
      const words = minimum.certified ? `minimum ${numberText(minimum.primal, 6)}` : `at most ${numberText(minimum.primal, 5)}, not certified`;
      drawLevels(pen, box, [{ at: this.heights.at(minimum.primal), words }], "left", colors.predicted, colors);
    }
  }

  protected override drawMoving(pen: Pen): void {
    this.drawCursor(pen);
    const { frame } = this.lab;
    if (frame) {
      pen.marks("dot", [this.cursorAt(frame.time), this.heights.at(frame.squaredNorm)], 4, this.colors.cursor);
    }
  }
}
