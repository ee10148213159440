/** The colours of a picture; those of the figures of a report, with words for what they mean. */
export interface Palette {
  ground: string;
  ink: string;
  quiet: string;
  guide: string;
  empty: string;
  positive: string;
  negative: string;
  unsigned: string;
  measured: string;
  predicted: string;
  saddle: string;
  cursor: string;
}

const LIGHT: Palette = {
  ground: "#ffffff", ink: "#1f2328", quiet: "#57606a", guide: "#b8bdc4", empty: "#eef0f2",
  positive: "#5e3c99", negative: "#d95f02", unsigned: "#6b7280",
  measured: "#00795a", predicted: "#0b62a8", saddle: "#b0286b", cursor: "#8a6d00",
};

const DARK: Palette = {
  ground: "#15181c", ink: "#e6e8eb", quiet: "#a3abb8", guide: "#565d66", empty: "#2a2e34",
  positive: "#b9a4e8", negative: "#ff9a4d", unsigned: "#a3abb8",
  measured: "#4cc9a4", predicted: "#6cb6f2", saddle: "#f28cbf", cursor: "#e3c55b",
};

/** The colours for the screen that the reader has. */
export function palette(dark: boolean): Palette {
  return dark ? DARK : LIGHT;
}

/** The colour of an output sign. */
export function signColor(colors: Palette, sign: number): string {
  return sign > 0 ? colors.positive : sign < 0 ? colors.negative : colors.unsigned;
}

/** Red, green and blue of a colour written #rrggbb. */
export function channels(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** An opaque colour as the four bytes of a raster's cell. */
export function cell(color: string): number {
  return new Uint32Array(Uint8Array.from([...channels(color), 255]).buffer)[0]!;
}
