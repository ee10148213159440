import { plotBox } from "../draw/axes";
import type { Box } from "../draw/pen";
import { linearScale, type Scale } from "../draw/scale";
import type { Lab } from "../lab";
import type { Points } from "../model/experiment";
import type { NetworkWeights } from "../model/network";
import type { Run } from "../model/run";
import { isEditable, sampleText, withMoved, withPoint } from "../model/samples";
import type { Story } from "../model/stories/story";
import type { Frame } from "../wire/frame";
import { Picture, type Size } from "./picture";

const GRASP = 12;
const STEADY = 4;
const STEP = 8;
const FINE_STEP = 1;

const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A sample as a picture shows it. */
export interface SamplePlace {
  input: number[];
  target: number;
}

/** What a picture shows across and up. */
export interface Ranges {
  across: readonly [number, number];
  up: readonly [number, number];
}

// What the ranges of a picture follow, and the scales that came of them.
interface Layout {
  points: Points | undefined;
  end: Frame | undefined;
  story: Story | undefined;
  size: Size;
  x: Scale;
  y: Scale;
}

/** A picture of the samples in which they are added, moved and deleted, by pointer and by keys. */
export abstract class SamplesPicture extends Picture {
  private layout: Layout | undefined;
  private drag: { sample: number; x: number; y: number; moved: boolean } | undefined;

  constructor(
    name: string,
    heading: string,
    note: string,
    protected readonly lab: Lab,
    /** How many inputs the samples have that it shows. */
    private readonly inputs: 1 | 2,
  ) {
    super(name, heading, note);
    const { canvas } = this;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-describedby", "keys");
    canvas.addEventListener("pointerdown", (event) => this.grasp(event));
    canvas.addEventListener("touchstart", (event) => this.keepFromScrolling(event), { passive: false });
    canvas.addEventListener("pointermove", (event) => this.pull(event));
    canvas.addEventListener("pointerup", (event) => this.release(event));
    canvas.addEventListener("pointercancel", () => this.letGo());
    canvas.addEventListener("pointerleave", () => this.lab.hover(undefined));
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("blur", () => this.invalidate());
    canvas.addEventListener("focus", () => this.invalidate());
  }

  /** Where a sample is drawn. */
  protected abstract placeOf(input: number[], target: number): [number, number];

  /** The sample that belongs to a place; a picture that does not show targets keeps the given one. */
  protected abstract sampleAt(x: number, y: number, target: number): SamplePlace;

  /** The neuron that is drawn at a place. */
  protected abstract neuronAt(x: number, y: number): number | undefined;

  /** The ranges of samples that it shows (undefined where there are none), and of f at the end where it shows that. */
  protected abstract ranges(points: Points | undefined, end: Frame | undefined): Ranges;

  protected override key(): string {
    const { x, y } = this;
    return `${x.low}|${x.high}|${y.low}|${y.high}`;
  }

  protected get box(): Box {
    return plotBox(this.size.width, this.size.height);
  }

  protected get x(): Scale {
    return this.scales.x;
  }

  protected get y(): Scale {
    return this.scales.y;
  }

  /** The samples, where they are such as it shows. */
  protected get points(): Points | undefined {
    const { points } = this.lab;
    return points?.inputs[0]?.length === this.inputs ? points : undefined;
  }

  /** Whether a network is a function that it shows. */
  protected shows(network: Frame | NetworkWeights, run?: Run): boolean {
    return network.outputs === 1 && this.lab.givenInputs(network, run) === this.inputs;
  }

  // Ranges follow the samples and the end, but not while a sample is dragged: the picture would slip away under the pointer.
  private get scales(): Layout {
    const { points, samples: { isDragging }, run, story } = this.lab;
    const end = run.finished ? run.last : undefined;
    const { size, layout: old } = this;
    if (!old || old.size !== size || !(isDragging || (old.points === points && old.end === end && old.story === story))) {
      const { across, up } = this.ranges(this.points, end && this.shows(end) ? end : undefined);
      const { left, top, width, height } = this.box;
      this.layout = { points, end, story, size, x: linearScale(...across, left, left + width), y: linearScale(...up, top + height, top) };
    }

    return this.layout!;
  }

  private grasp(event: PointerEvent): void {
    if (event.button !== 0) {
      return;
    }

    const sample = this.nearest(event.offsetX, event.offsetY);
    if (sample !== undefined && isEditable(this.lab.points)) {
      this.canvas.setPointerCapture(event.pointerId);
      this.lab.samples.select(sample);
    }

    this.drag = { sample: sample ?? -1, x: event.offsetX, y: event.offsetY, moved: false };
  }

  // A finger on a sample drags it; anywhere else it scrolls the page.
  private keepFromScrolling(event: TouchEvent): void {
    const { left, top } = this.canvas.getBoundingClientRect();
    const touch = event.touches[0]!;
    if (this.nearest(touch.clientX - left, touch.clientY - top) !== undefined) {
      event.preventDefault();
    }
  }

  private pull(event: PointerEvent): void {
    const { drag, lab } = this;
    if (!drag) {
      lab.hover(this.neuronAt(event.offsetX, event.offsetY));
      this.canvas.classList.toggle("grasp", this.nearest(event.offsetX, event.offsetY) !== undefined);
      return;
    }

    drag.moved ||= Math.hypot(event.offsetX - drag.x, event.offsetY - drag.y) > STEADY;
    if (drag.moved && drag.sample >= 0 && isEditable(lab.points)) {
      this.move(drag.sample, event.offsetX, event.offsetY, false);
    }
  }

  private release(event: PointerEvent): void {
    const { drag, lab } = this;
    this.drag = undefined;
    if (!drag) {
      return;
    }

    if (drag.moved) {
      lab.samples.commit();
    } else if (drag.sample < 0) {
      this.strike(event.offsetX, event.offsetY);
    }
  }

  private letGo(): void {
    this.drag = undefined;
    this.lab.samples.commit();
  }

  // A neuron is marked where there is one, else a sample is added.
  private strike(x: number, y: number): void {
    const neuron = this.neuronAt(x, y);
    if (neuron !== undefined) {
      this.lab.toggle(neuron);
    } else {
      this.add(x, y);
    }
  }

  private add(x: number, y: number): void {
    const { lab } = this;
    if (isEditable(lab.points)) {
      const { input, target } = this.sampleAt(x, y, lab.samples.newTarget);
      lab.samples.edit(withPoint(lab.points, input, target), lab.points.inputs.length);
    } else {
      lab.say("These samples cannot be edited here: they have more than 200 rows, several outputs, or inputs of more than two coordinates.");
    }
  }

  private move(sample: number, x: number, y: number, final: boolean): void {
    const { lab } = this;
    const points = lab.points!;
    const { input, target } = this.sampleAt(Math.min(this.size.width, Math.max(0, x)), Math.min(this.size.height, Math.max(0, y)), points.targets[sample]![0]!);
    const moved = withMoved(points, sample, input, target);
    if (final) {
      lab.samples.edit(moved, sample);
    } else {
      lab.samples.drag(moved);
    }
  }

  private press(event: KeyboardEvent): void {
    const { lab } = this;
    const points = lab.points;
    if (!isEditable(points) || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }

    const chosen = lab.samples.selected;
    const count = points.inputs.length;
    const arrow = ARROWS[event.key];
    if (arrow && chosen !== undefined) {
      const [x, y] = this.placeOf(points.inputs[chosen]!, points.targets[chosen]![0]!);
      const step = event.shiftKey ? FINE_STEP : STEP;
      this.move(chosen, x + arrow[0] * step, y + arrow[1] * step, true);
      this.tell();
    } else if (event.key === "PageDown" || event.key === "PageUp" || arrow) {
      lab.samples.select(((chosen ?? -1) + (event.key === "PageUp" ? -1 : 1) + count) % count);
      this.tell();
    } else if ((event.key === "Delete" || event.key === "Backspace") && chosen !== undefined) {
      lab.samples.remove(chosen);
    } else if (event.key === "Enter" || event.key === "Insert") {
      this.add(this.size.width / 2, this.size.height / 2);
      this.tell();
    } else {
      return;
    }

    event.preventDefault();
  }

  // Who does not see the picture hears where the sample is.
  private tell(): void {
    const { points, samples: { selected } } = this.lab;
    if (isEditable(points) && selected !== undefined) {
      this.lab.notice = sampleText(points, selected);
      this.lab.redraw();
    }
  }

  private nearest(x: number, y: number): number | undefined {
    let [found, distance]: [number | undefined, number] = [undefined, GRASP];
    this.lab.points?.inputs.forEach((input, k) => {
      if (input.length > 2) {
        return;
      }

      const [px, py] = this.placeOf(input, this.lab.points!.targets[k]![0]!);
      const away = Math.hypot(px - x, py - y);
      if (away < distance) {
        [found, distance] = [k, away];
      }
    });
    return found;
  }
}
