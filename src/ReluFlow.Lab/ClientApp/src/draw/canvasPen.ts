import { FONT, radiusOf, STAR, type Box, type Lettering, type MarkShape, type Pen, type Raster, type Stroke } from "./pen";

/** Draws on a canvas whose units are pixels of the page. */
export class CanvasPen implements Pen {
  constructor(private readonly context: CanvasRenderingContext2D) {}

  line(points: ArrayLike<number>, stroke: Stroke): void {
    const c = this.context;
    c.beginPath();
    this.trace(points);
    c.globalAlpha = stroke.opacity ?? 1;
    c.strokeStyle = stroke.color;
    c.lineWidth = stroke.width ?? 1;
    c.lineJoin = "round";
    c.setLineDash(stroke.dash ? [...stroke.dash] : []);
    c.stroke();
    c.globalAlpha = 1;
  }

  area(points: ArrayLike<number>, color: string, opacity = 1): void {
    const c = this.context;
    c.beginPath();
    this.trace(points);
    c.closePath();
    c.globalAlpha = opacity;
    c.fillStyle = color;
    c.fill();
    c.globalAlpha = 1;
  }

  marks(shape: MarkShape, points: ArrayLike<number>, radius: number | ArrayLike<number>, color: string, opacity = 1): void {
    const c = this.context;
    c.globalAlpha = opacity;
    c.beginPath();
    for (let i = 0; 2 * i + 1 < points.length; i++) {
      const [x, y, r] = [points[2 * i]!, points[2 * i + 1]!, radiusOf(radius, i)];
      if (Number.isFinite(x) && Number.isFinite(y) && r > 0) {
        this.mark(shape, x, y, r);
      }
    }

    if (shape === "ring") {
      c.setLineDash([]);
      c.strokeStyle = color;
      c.lineWidth = 2;
      c.stroke();
    } else {
      c.fillStyle = color;
      c.fill();
    }

    c.globalAlpha = 1;
  }

  text(x: number, y: number, text: string, lettering: Lettering): void {
    const c = this.context;
    c.font = `${lettering.bold ? "600 " : ""}${lettering.size ?? 11}px ${FONT}`;
    c.textAlign = lettering.align === "middle" ? "center" : (lettering.align ?? "start");
    c.textBaseline = lettering.baseline ?? "middle";
    if (lettering.halo) {
      c.setLineDash([]);
      c.strokeStyle = lettering.halo;
      c.lineWidth = 3;
      c.lineJoin = "round";
      c.strokeText(text, x, y);
    }

    c.fillStyle = lettering.color;
    c.fillText(text, x, y);
  }

  raster(raster: Raster, box: Box, smooth: boolean): void {
    const c = this.context;
    c.imageSmoothingEnabled = smooth;
    c.drawImage(pixels(raster), box.left, box.top, box.width, box.height);
  }

  within(box: Box, draw: () => void): void {
    const c = this.context;
    c.save();
    c.beginPath();
    c.rect(box.left, box.top, box.width, box.height);
    c.clip();
    draw();
    c.restore();
  }

  private trace(points: ArrayLike<number>): void {
    const c = this.context;
    let drawing = false;
    for (let i = 0; i + 1 < points.length; i += 2) {
      const [x, y] = [points[i]!, points[i + 1]!];
      if (!Number.isFinite(x) || !Number.isFinite(y)) {
        drawing = false;
      } else if (drawing) {
        c.lineTo(x, y);
      } else {
        c.moveTo(x, y);
        drawing = true;
      }
    }
  }

  private mark(shape: MarkShape, x: number, y: number, radius: number): void {
    const c = this.context;
    if (shape === "square") {
      c.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    } else if (shape === "star") {
      // Filling closes it.
      c.moveTo(x + radius * STAR[0]!, y + radius * STAR[1]!);
      for (let i = 2; i < STAR.length; i += 2) {
        c.lineTo(x + radius * STAR[i]!, y + radius * STAR[i + 1]!);
      }
    } else {
      c.moveTo(x + radius, y);
      c.arc(x, y, radius, 0, 2 * Math.PI);
    }
  }
}

const made = new WeakMap<Raster, HTMLCanvasElement>();

/** A raster as a canvas of its own, made once. */
export function pixels(raster: Raster): HTMLCanvasElement {
  const known = made.get(raster);
  if (known) {
    return known;
  }

  const canvas = document.createElement("canvas");
  canvas.width = raster.columns;
  canvas.height = raster.rows;
  canvas.getContext("2d")!.putImageData(new ImageData(raster.rgba, raster.columns, raster.rows), 0, 0);
  made.set(raster, canvas);
  return canvas;
}
