import type { Lab } from "./lab";
import type { Points } from "./model/experiment";
import { withoutPoint } from "./model/samples";

/** Samples on their way from a hand to an experiment. */
export class SampleEditor {
  /** What is seen until the server has found the new experiment right. */
  draft: Points | undefined;
  selected: number | undefined;
  isDragging = false;
  /** The target of a sample that is added where its place does not tell it. */
  newTarget = 1;

  constructor(private readonly lab: Lab) {}

  /** Shows samples that a pointer still holds. */
  drag(points: Points): void {
    this.isDragging = true;
    this.draft = points;
    this.lab.redraw();
  }

  /** The samples that were dragged are those that are learned. */
  commit(): void {
    this.isDragging = false;
    if (this.draft) {
      this.lab.ask({ data: { points: this.draft } });
    }
  }

  /** Other samples, one of them chosen. */
  edit(points: Points, selected?: number): void {
    this.draft = points;
    this.selected = selected;
    this.lab.ask({ data: { points } });
    this.lab.redraw();
  }

  remove(k: number): void {
    const { points } = this.lab;
    if (points && points.inputs.length > 1) {
      this.edit(withoutPoint(points, k), Math.max(0, Math.min(k, points.inputs.length - 2)));
    } else {
      this.lab.say("The last sample cannot be deleted.");
    }
  }

  select(k: number | undefined): void {
    this.selected = k;
    this.lab.redraw();
  }
}
