import { cell, signColor, type Palette } from "../draw/palette";
import type { Box, Pen, Raster } from "../draw/pen";
import type { Lab } from "../lab";
import { gateOrder } from "../model/gateOrder";
import type { Run } from "../model/run";
import { subscript } from "../model/numberText";
import { rowBytes, signOf, type Frame } from "../wire/frame";
import { Picture } from "./picture";

// While frames come the order follows them so often.
const MILLISECONDS_BETWEEN = 500;

// Columns that are narrower have no names.
const PIXELS_OF_NAME = 26;

/** The order of rows, made for the last frame of a run at one moment. */
interface Ordering {
  run: Run;
  frames: number;
  at: number;
  rows: Uint32Array;
}

/** Which neuron is active on which sample: a row a neuron, ordered by sign and by what it sees in the end; a column a sample, in the order of the list of points. */
export class GatesPicture extends Picture {
  private order: Ordering | undefined;
  private drawn: { frame: Frame; order: Ordering; colors: Palette; raster: Raster } | undefined;

  constructor(private readonly lab: Lab) {
    super("gates", "Gates: who is active on what", "Rows: neurons. Columns: samples, in their order. Coloured where active. Triangles: neurons that are marked.");
    this.canvas.addEventListener("pointermove", (event) => lab.hover(this.neuronAt(event.offsetY)));
    this.canvas.addEventListener("pointerleave", () => lab.hover(undefined));
    this.canvas.addEventListener("click", (event) => {
      const neuron = this.neuronAt(event.offsetY);
      if (neuron !== undefined) {
        lab.toggle(neuron);
      }
    });
  }

  protected override key(): string {
    return String(this.lab.run.last?.samples);
  }

  protected override drawStill(pen: Pen): void {
    pen.text(4, 4, "neurons", { color: this.colors.quiet, baseline: "top" });
    const { left, top, width, height } = this.box;
    const samples = this.lab.run.last?.samples ?? 0;
    const isNamed = width >= samples * PIXELS_OF_NAME;
    pen.text(this.size.width - 14, isNamed ? 4 : top + height + 5, "samples", { color: this.colors.quiet, align: "end", baseline: "top" });
    for (let k = 0; isNamed && k < samples; k++) {
      pen.text(left + ((k + 0.5) / samples) * width, top + height + 5, `x${subscript(k + 1)}`, { color: this.colors.quiet, align: "middle", baseline: "top" });
    }
  }

  protected override drawMoving(pen: Pen): void {
    const { frame, hovered, selected } = this.lab;
    if (!frame || frame.samples === 0) {
      return;
    }

    const { rows } = this.ordering();
    pen.raster(this.rasterOf(frame), this.box, false);
    const height = this.box.height / rows.length;

    // Beside the rows: whatever lay on one would look like its gates.
    const mark = (neuron: number, color: string) => {
      const y = this.box.top + (rows.indexOf(neuron) + 0.5) * height;
      const right = this.box.left + this.box.width;
      pen.area([this.box.left - 4, y, this.box.left - 11, y - 5, this.box.left - 11, y + 5], color);
      pen.area([right + 4, y, right + 11, y - 5, right + 11, y + 5], color);
    };
    selected.forEach((neuron) => mark(neuron, this.colors.saddle));
    if (hovered !== undefined) {
      mark(hovered, this.colors.ink);
    }
  }

  private get box(): Box {
    return { left: 16, top: 22, width: Math.max(10, this.size.width - 30), height: Math.max(10, this.size.height - 44) };
  }

  // Pointing at a neuron draws the picture again, but not its cells.
  private rasterOf(frame: Frame): Raster {
    const order = this.ordering();
    const { colors } = this;
    if (this.drawn?.frame !== frame || this.drawn.order !== order || this.drawn.colors !== colors) {
      this.drawn = { frame, order, colors, raster: this.raster(frame, order) };
    }

    return this.drawn.raster;
  }

  private raster(frame: Frame, { rows }: Ordering): Raster {
    const { samples } = frame;
    const cells = new Uint32Array(rows.length * samples);
    const empty = cell(this.colors.empty);
    const open = new Map([-1, 0, 1].map((sign) => [sign, cell(signColor(this.colors, sign))]));
    const { gates } = frame;
    const bytes = rowBytes(frame);
    rows.forEach((j, row) => {
      const color = open.get(signOf(frame, j))!;
      for (let k = 0; k < samples; k++) {
        cells[row * samples + k] = (gates[j * bytes + (k >> 3)]! >> (k & 7)) & 1 ? color : empty;
      }
    });
    return { columns: samples, rows: rows.length, rgba: new Uint8ClampedArray(cells.buffer) };
  }

  private ordering(): Ordering {
    const { run } = this.lab;
    const { order } = this;
    const frames = run.frames.length;
    const isCurrent = order?.run === run && (order.frames === frames || (!run.finished && performance.now() - order.at < MILLISECONDS_BETWEEN));
    if (!isCurrent) {
      const last = run.last!;
      this.order = { run, frames, at: performance.now(), rows: gateOrder(last) };
    }

    return this.order!;
  }

  private neuronAt(y: number): number | undefined {
    return this.lab.frame ? this.ordering().rows[Math.floor(((y - this.box.top) / this.box.height) * this.lab.frame.neurons)] : undefined;
  }
}
