import { CanvasPen, pixels } from "../draw/canvasPen";
import { palette, type Palette } from "../draw/palette";
import type { Pen } from "../draw/pen";
import { SvgPen } from "../draw/svgPen";
import { element } from "../dom";

const MOST_PIXELS_PER_PIXEL = 2;

/** The size of a picture in pixels of the page. */
export interface Size {
  width: number;
  height: number;
}

/**
 * A picture that knows when it must be drawn again. What rarely changes (`drawStill`) is kept as pixels while its key is the same; what follows the cursor is drawn over it.
 */
export abstract class Picture {
  readonly canvas: HTMLCanvasElement;
  private readonly still = document.createElement("canvas").getContext("2d")!;
  private readonly seen: CanvasRenderingContext2D;
  private stillKey = "";
  private dirty = true;
  /** How often each layer was drawn. */
  readonly draws = { still: 0, moving: 0 };
  protected size: Size = { width: 0, height: 0 };
  protected colors: Palette = palette(false);

  constructor(
    readonly name: string,
    readonly heading: string,
    /** How it is read. */
    readonly note: string,
  ) {
    this.canvas = element("canvas", { role: "img", "aria-label": `${heading}. ${note}` });
    this.seen = this.canvas.getContext("2d")!;
  }

  /** What `drawStill` depends on. */
  protected abstract key(): string;

  protected abstract drawStill(pen: Pen): void;

  protected abstract drawMoving(pen: Pen): void;

  /** The picture must be drawn again. */
  invalidate(): void {
    this.dirty = true;
  }

  setColors(dark: boolean): void {
    this.colors = palette(dark);
    this.stillKey = "";
    this.invalidate();
  }

  /** Follows the size of its place in the page; a place that is not seen has none. */
  resize(size: Size): void {
    if (size.width !== this.size.width || size.height !== this.size.height) {
      this.size = size;
      this.stillKey = "";
      this.invalidate();
    }
  }

  /** Draws where something changed; says whether it did. */
  refresh(): boolean {
    if (!this.dirty || this.size.width < 20 || this.size.height < 20) {
      return false;
    }

    this.dirty = false;
    const ratio = Math.min(MOST_PIXELS_PER_PIXEL, devicePixelRatio || 1);
    const key = `${this.key()}|${ratio}`;
    if (key !== this.stillKey) {
      this.stillKey = key;
      const context = prepare(this.still, this.size, ratio);
      context.fillStyle = this.colors.ground;
      context.fillRect(0, 0, this.size.width, this.size.height);
      this.drawStill(new CanvasPen(context));
      this.draws.still++;
    }

    const context = prepare(this.seen, this.size, ratio);
    context.drawImage(this.still.canvas, 0, 0, this.size.width, this.size.height);
    this.drawMoving(new CanvasPen(context));
    this.draws.moving++;
    return true;
  }

  /** The picture as it is seen. */
  toSvg(): string {
    const pen = new SvgPen(this.size.width, this.size.height, this.colors.ground, (raster) => pixels(raster).toDataURL("image/png"));
    this.drawStill(pen);
    this.drawMoving(pen);
    return pen.toText(this.heading);
  }
}

// Setting the size of a canvas costs more than clearing it.
function prepare(context: CanvasRenderingContext2D, size: Size, ratio: number): CanvasRenderingContext2D {
  const { canvas } = context;
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }

  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
