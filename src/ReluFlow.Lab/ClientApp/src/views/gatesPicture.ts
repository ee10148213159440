import { channels, signColor } from "../draw/palette";
import type { Box, Pen, Raster } from "../draw/pen";
import type { Lab } from "../lab";
import { isOpen, signOf, type Frame } from "../wire/frame";
import { Picture } from "./picture";

/** Which neuron is active on which sample: a row a neuron, ordered by sign and by what it sees in the end; a column a sample, ordered by its first input. */
export class GatesPicture extends Picture {
  private order: { revision: string; rows: number[]; columns: number[] } | undefined;

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

    const { rows, columns } = this.ordering();
    pen.raster(this.raster(frame, rows, columns), this.box, false);
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

  private raster(frame: Frame, rows: number[], columns: number[]): Raster {
    const rgba = new Uint8ClampedArray(4 * rows.length * columns.length);
    const empty = channels(this.colors.empty);
    rows.forEach((j, row) => {
      const open = channels(signColor(this.colors, signOf(frame, j)));
      columns.forEach((k, column) => {
        const [red, green, blue] = isOpen(frame, j, k) ? open : empty;
        rgba.set([red, green, blue, 255], 4 * (row * columns.length + column));
      });
    });
    return { columns: columns.length, rows: rows.length, rgba };
  }

  private ordering(): { rows: number[]; columns: number[] } {
    const { run, points } = this.lab;
    const last = run.last!;
    if (this.order?.revision !== run.revision) {
      const pattern = (j: number) => Array.from({ length: last.samples }, (_, k) => (isOpen(last, j, k) ? "1" : "0")).join("");
      const patterns = Array.from({ length: last.neurons }, (_, j) => pattern(j));
      const rows = [...patterns.keys()].sort((a, b) => signOf(last, b) - signOf(last, a) || patterns[b]!.localeCompare(patterns[a]!) || a - b);
      const columns = Array.from({ length: last.samples }, (_, k) => k);
      if (points?.inputs.length === last.samples && points.inputs[0]!.length <= 2) {
        columns.sort((a, b) => points.inputs[a]![0]! - points.inputs[b]![0]!);
      }

      this.order = { revision: run.revision, rows, columns };
    }

    return this.order;
  }

  private neuronAt(y: number): number | undefined {
    return this.lab.frame ? this.ordering().rows[Math.floor(((y - this.box.top) / this.box.height) * this.lab.frame.neurons)] : undefined;
  }
}
