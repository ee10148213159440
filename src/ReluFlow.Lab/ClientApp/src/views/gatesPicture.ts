import { cell, signColor, type Palette } from "../draw/palette";
import type { Box, Pen, Raster } from "../draw/pen";
import type { Lab } from "../lab";
import type { Points } from "../model/experiment";
import { gateOrder } from "../model/gateOrder";
import type { Run } from "../model/run";
import { rowBytes, signOf, type Frame } from "../wire/frame";
import { Picture } from "./picture";

// While frames come the order follows them so often.
const MILLISECONDS_BETWEEN = 500;

/** The order of rows and columns, made for the last frame of a run at one moment. */
interface Ordering {
  run: Run;
  frames: number;
  at: number;
  points: Points | undefined;
  rows: Uint32Array;
  columns: Uint32Array;
}

/** Which neuron is active on which sample: a row a neuron, ordered by sign and by what it sees in the end; a column a sample, ordered by its first input. */
export class GatesPicture extends Picture {
  private order: Ordering | undefined;
  private drawn: { frame: Frame; order: Ordering; colors: Palette; raster: Raster } | undefined;

  constructor(private readonly lab: Lab) {
    super("gates", "Gates: who is active on what", "Rows: neurons. Columns: samples. Coloured where active.");
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
    return "";
  }

  protected override drawStill(pen: Pen): void {
    pen.text(4, 4, "neurons", { color: this.colors.quiet, baseline: "top" });
    pen.text(this.size.width - 14, this.size.height - 17, "samples", { color: this.colors.quiet, align: "end", baseline: "top" });
  }

  protected override drawMoving(pen: Pen): void {
    const { frame, hovered, selected } = this.lab;
    if (!frame || frame.samples === 0) {
      return;
    }

    const { rows } = this.ordering();
    pen.raster(this.rasterOf(frame), this.box, false);
    const height = this.box.height / rows.length;
    const mark = (neuron: number, color: string) => {
      const y = this.box.top + (rows.indexOf(neuron) + 0.5) * height;
      const right = this.box.left + this.box.width;
      pen.area([this.box.left - 4, y, this.box.left - 11, y - 5, this.box.left - 11, y + 5], color);
      pen.line([this.box.left, y - height / 2, right, y - height / 2, right, y + height / 2, this.box.left, y + height / 2, this.box.left, y - height / 2], { color });
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

  private raster(frame: Frame, { rows, columns }: Ordering): Raster {
    const cells = new Uint32Array(rows.length * columns.length);
    const empty = cell(this.colors.empty);
    const open = new Map([-1, 0, 1].map((sign) => [sign, cell(signColor(this.colors, sign))]));
    const { gates } = frame;
    const bytes = rowBytes(frame);
    rows.forEach((j, row) => {
      const color = open.get(signOf(frame, j))!;
      for (let column = 0; column < columns.length; column++) {
        const k = columns[column]!;
        cells[row * columns.length + column] = (gates[j * bytes + (k >> 3)]! >> (k & 7)) & 1 ? color : empty;
      }
    });
    return { columns: columns.length, rows: rows.length, rgba: new Uint8ClampedArray(cells.buffer) };
  }

  private ordering(): Ordering {
    const { run, points } = this.lab;
    const { order } = this;
    const frames = run.frames.length;
    const isCurrent = order?.run === run && order.points === points && (order.frames === frames || (!run.finished && performance.now() - order.at < MILLISECONDS_BETWEEN));
    if (!isCurrent) {
      const last = run.last!;
      const columns = Uint32Array.from({ length: last.samples }, (_, k) => k);
      if (points?.inputs.length === last.samples && points.inputs[0]!.length <= 2) {
        columns.sort((a, b) => points.inputs[a]![0]! - points.inputs[b]![0]!);
      }

      this.order = { run, frames, at: performance.now(), points, rows: gateOrder(last), columns };
    }

    return this.order!;
  }

  private neuronAt(y: number): number | undefined {
    return this.lab.frame ? this.ordering().rows[Math.floor(((y - this.box.top) / this.box.height) * this.lab.frame.neurons)] : undefined;
  }
}
