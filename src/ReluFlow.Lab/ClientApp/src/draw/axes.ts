import { placed, widthOf, type Label } from "./labels";
import type { Palette } from "./palette";
import type { Box, Pen } from "./pen";
import type { Scale } from "./scale";

const PIXELS_PER_TICK_ACROSS = 70;
const PIXELS_PER_TICK_UP = 32;
const HEIGHT_OF_WORDS = 13;
const GAP = 8;
const LEFT = 52;
const RIGHT = 14;

/** Words beside the axes of a plot. */
export interface AxisTitles {
  x: string;
  y: string;
}

/** The box inside the margins of a plot. */
export function plotBox(width: number, height: number, left = LEFT, right = RIGHT): Box {
  return { left, top: 22, width: Math.max(10, width - left - right), height: Math.max(10, height - 22 - 36) };
}

/** Ticks, grid and titles of a plot. */
export function drawAxes(pen: Pen, box: Box, x: Scale, y: Scale, titles: AxisTitles, colors: Palette): void {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  for (const tick of x.ticks(box.width / PIXELS_PER_TICK_ACROSS)) {
    const at = Math.round(x.at(tick.value)) + 0.5;
    pen.line([at, box.top, at, bottom], { color: colors.empty });
    pen.text(Math.min(at, right + RIGHT - 1 - widthOf(tick.text) / 2), bottom + 4, tick.text, { color: colors.quiet, align: "middle", baseline: "top" });
  }

  for (const tick of y.ticks(box.height / PIXELS_PER_TICK_UP)) {
    const at = Math.round(y.at(tick.value)) + 0.5;
    pen.line([box.left, at, right, at], { color: colors.empty });
    pen.text(box.left - 5, at, tick.text, { color: colors.quiet, align: "end" });
  }

  pen.line([box.left, box.top, box.left, bottom, right, bottom], { color: colors.guide });
  pen.text(right, bottom + 19, titles.x, { color: colors.quiet, align: "end", baseline: "top" });
  pen.text(4, 4, titles.y, { color: colors.quiet, baseline: "top" });
}

/** Levels across a plot with their words at the end that is free, above each or, at the top, below it. */
export function drawLevels(pen: Pen, box: Box, levels: readonly Label[], end: "left" | "right", color: string, colors: Palette): void {
  const seen = levels.filter(({ at }) => at >= box.top - 1 && at <= box.top + box.height + 1);
  for (const { at } of seen) {
    pen.line([box.left, at, box.left + box.width, at], { color, dash: [5, 4] });
  }

  const beside = seen.map(({ at, words }) => ({ at: at - HEIGHT_OF_WORDS / 2 - 2 >= box.top + HEIGHT_OF_WORDS / 2 ? at - HEIGHT_OF_WORDS / 2 - 1 : at + HEIGHT_OF_WORDS / 2 + 1, words }));
  for (const { center, words } of placed(beside, box.top, box.top + box.height, () => HEIGHT_OF_WORDS)) {
    const x = end === "left" ? box.left + 5 : box.left + box.width - 3;
    pen.text(x, center, words, { color, align: end === "left" ? "start" : "end", halo: colors.ground });
  }
}

/** Times across a plot with their words above them. */
export function drawInstants(pen: Pen, box: Box, instants: readonly Label[], color: string, colors: Palette): void {
  const seen = instants.filter(({ at }) => at >= box.left && at <= box.left + box.width);
  for (const { at } of seen) {
    pen.line([at, box.top, at, box.top + box.height], { color, dash: [5, 4] });
  }

  for (const { center, words } of placed(seen, box.left - RIGHT, box.left + box.width + RIGHT, (words) => widthOf(words) + GAP)) {
    pen.text(center, box.top - 4, words, { color, align: "middle", baseline: "bottom", halo: colors.ground });
  }
}
