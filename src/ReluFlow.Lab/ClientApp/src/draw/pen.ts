/** How a line is drawn. */
export interface Stroke {
  color: string;
  width?: number;
  dash?: readonly number[];
  opacity?: number;
}

/** How a text is set. */
export interface Lettering {
  color: string;
  size?: number;
  align?: "start" | "middle" | "end";
  baseline?: "top" | "middle" | "bottom";
  bold?: boolean;
  /** A halo in this colour, so that the text is read across lines. */
  halo?: string;
}

export type MarkShape = "dot" | "star" | "square" | "ring";

/** A rectangle in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Red, green, blue and opacity of columns × rows cells. */
export interface Raster {
  columns: number;
  rows: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

export const FONT = 'system-ui, "Segoe UI", Helvetica, Arial, "DejaVu Sans", sans-serif';

/** What pictures are drawn with, on the screen or into a file. Points are x, y in turn; one that is no number breaks a line and leaves out a mark. */
export interface Pen {
  line(points: ArrayLike<number>, stroke: Stroke): void;
  area(points: ArrayLike<number>, color: string, opacity?: number): void;
  /** Marks of one shape and colour; one radius, or one for each. */
  marks(shape: MarkShape, points: ArrayLike<number>, radius: number | ArrayLike<number>, color: string, opacity?: number): void;
  text(x: number, y: number, text: string, lettering: Lettering): void;
  raster(raster: Raster, box: Box, smooth: boolean): void;
  /** Draws so that nothing shows outside of a box. */
  within(box: Box, draw: () => void): void;
}

/** The ten corners of a star with five points around (0, 0), of radius 1: x and y in turn. */
export const STAR: readonly number[] = Array.from({ length: 10 }, (_, i) => {
  const [reach, angle] = [i % 2 === 0 ? 1 : 0.45, -Math.PI / 2 + (i * Math.PI) / 5];
  return [reach * Math.cos(angle), reach * Math.sin(angle)];
}).flat();

/** The radius of mark i. */
export function radiusOf(radius: number | ArrayLike<number>, i: number): number {
  return typeof radius === "number" ? radius : radius[i]!;
}
