import { FONT, radiusOf, STAR, type Box, type Lettering, type MarkShape, type Pen, type Raster, type Stroke } from "./pen";

/** Writes what is drawn as SVG. */
export class SvgPen implements Pen {
  private readonly parts: string[] = [];
  private boxes = 0;

  /** @param imageOf A raster as the address of an image; pages have a canvas for it. */
  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly ground: string,
    private readonly imageOf: (raster: Raster) => string,
  ) {}

  /** The document. */
  toText(title: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${short(this.width)}" height="${short(this.height)}" viewBox="0 0 ${short(this.width)} ${short(this.height)}" font-family="${escape(FONT)}">`,
      `<title>${escape(title)}</title>`,
      `<rect width="100%" height="100%" fill="${this.ground}"/>`,
      ...this.parts,
      "</svg>\n",
    ].join("\n");
  }

  line(points: ArrayLike<number>, stroke: Stroke): void {
    const path = trace(points);
    if (path) {
      const dash = stroke.dash ? ` stroke-dasharray="${stroke.dash.join(" ")}"` : "";
      this.parts.push(`<path d="${path}" fill="none" stroke="${stroke.color}" stroke-width="${stroke.width ?? 1}" stroke-linejoin="round"${dash}${faint(stroke.opacity)}/>`);
    }
  }

  area(points: ArrayLike<number>, color: string, opacity?: number): void {
    const path = trace(points);
    if (path) {
      this.parts.push(`<path d="${path}Z" fill="${color}"${faint(opacity)}/>`);
    }
  }

  marks(shape: MarkShape, points: ArrayLike<number>, radius: number | ArrayLike<number>, color: string, opacity?: number): void {
    const paths: string[] = [];
    for (let i = 0; 2 * i + 1 < points.length; i++) {
      const [x, y, r] = [points[2 * i]!, points[2 * i + 1]!, radiusOf(radius, i)];
      if (Number.isFinite(x) && Number.isFinite(y) && r > 0) {
        paths.push(markPath(shape, x, y, r));
      }
    }

    if (paths.length > 0) {
      const paint = shape === "ring" ? `fill="none" stroke="${color}" stroke-width="2"` : `fill="${color}"`;
      this.parts.push(`<path d="${paths.join("")}" ${paint}${faint(opacity)}/>`);
    }
  }

  text(x: number, y: number, text: string, lettering: Lettering): void {
    const { color, size = 11, align = "start", baseline = "middle", bold, halo } = lettering;
    // Not all readers of SVG know baselines: shift by the height of letters.
    const shift = baseline === "top" ? 0.8 : baseline === "middle" ? 0.35 : -0.15;
    const around = halo ? ` stroke="${halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"` : "";
    this.parts.push(`<text x="${short(x)}" y="${short(y + shift * size)}" font-size="${size}" text-anchor="${align}" fill="${color}"${bold ? ' font-weight="600"' : ""}${around}>${escape(text)}</text>`);
  }

  raster(raster: Raster, box: Box, smooth: boolean): void {
    const rendering = smooth ? "auto" : "pixelated";
    this.parts.push(`<image x="${short(box.left)}" y="${short(box.top)}" width="${short(box.width)}" height="${short(box.height)}" preserveAspectRatio="none" image-rendering="${rendering}" href="${this.imageOf(raster)}"/>`);
  }

  within(box: Box, draw: () => void): void {
    const name = `box${this.boxes++}`;
    this.parts.push(`<clipPath id="${name}"><rect x="${short(box.left)}" y="${short(box.top)}" width="${short(box.width)}" height="${short(box.height)}"/></clipPath>`, `<g clip-path="url(#${name})">`);
    draw();
    this.parts.push("</g>");
  }
}

function trace(points: ArrayLike<number>): string {
  let path = "";
  let drawing = false;
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      drawing = false;
    } else {
      path += `${drawing ? "L" : "M"}${short(x)} ${short(y)}`;
      drawing = true;
    }
  }

  return path;
}

function markPath(shape: MarkShape, x: number, y: number, r: number): string {
  switch (shape) {
    case "square":
      return `M${short(x - r)} ${short(y - r)}h${short(2 * r)}v${short(2 * r)}h${short(-2 * r)}Z`;
    case "star":
      return `${trace(STAR.map((corner, i) => (i % 2 === 0 ? x : y) + r * corner))}Z`;
    default:
      return `M${short(x + r)} ${short(y)}a${short(r)} ${short(r)} 0 1 1 ${short(-2 * r)} 0a${short(r)} ${short(r)} 0 1 1 ${short(2 * r)} 0Z`;
  }
}

function faint(opacity: number | undefined): string {
  return opacity === undefined || opacity === 1 ? "" : ` opacity="${short(opacity)}"`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);
}
