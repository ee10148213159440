import { vi } from "vitest";

/** Elements that take everything and show nothing: pictures are read as SVG. */
export function fakeDocument(): void {
  const make = () => ({ addEventListener: () => {}, setAttribute: () => {}, append: () => {}, getContext: () => ({}) });
  vi.stubGlobal("document", { createElement: make });
}

/** A line of a drawing as its points; those of the one of a colour that has the most. */
export function lineOf(svg: string, color: string): [number, number][] {
  const paths = [...svg.matchAll(new RegExp(`<path d="([^"]*)" fill="none" stroke="${color}"`, "g"))].map((found) => found[1]!);
  const longest = paths.reduce((a, b) => (b.length > a.length ? b : a), "");
  return [...longest.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

/** The texts of a drawing. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((found) => found[1]!);
}
