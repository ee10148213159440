import type { Palette } from "./palette";
import type { Box, Pen } from "./pen";
import type { Scale } from "./scale";

const PIXELS_PER_TICK_ACROSS = 70;
const PIXELS_PER_TICK_UP = 32;
const WIDTH_OF_WORDS = 56;

/** Words beside the axes of a plot. */
export interface AxisTitles {
  x: string;
  y: string;
}

/** The box inside the margins of a plot. */
export function plotBox(width: number, height: number, left = 52, right = 14): Box {
  return { left, top: 22, width: Math.max(10, width - left - right), height: Math.max(10, height - 22 - 36) };
}

/** Ticks, grid and titles of a plot. */
export function drawAxes(pen: Pen, box: Box, x: Scale, y: Scale, titles: AxisTitles, colors: Palette): void {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  for (const tick of x.ticks(box.width / PIXELS_PER_TICK_ACROSS)) {
    const at = Math.round(x.at(tick.value)) + 0.5;
    pen.line([at, box.top, at, bottom], { color: colors.empty });
    pen.text(at, bottom + 4, tick.text, { color: colors.quiet, align: "middle", baseline: "top" });
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

/** A level across a plot with its words at the end that is free. */
export function drawLevel(pen: Pen, box: Box, level: { at: number; words: string; end: "left" | "right" }, color: string, colors: Palette): void {
  const { at, words, end } = level;
  if (at >= box.top - 1 && at <= box.top + box.height + 1) {
    pen.line([box.left, at, box.left + box.width, at], { color, dash: [5, 4] });
    const x = end === "left" ? box.left + 5 : box.left + box.width - 3;
    pen.text(x, at - 2, words, { color, align: end === "left" ? "start" : "end", baseline: "bottom", halo: colors.ground });
  }
}

/** Times across a plot with their words above them, where there is room between one and the next. */
export function drawInstants(pen: Pen, box: Box, instants: { at: number; words: string }[], color: string): void {
  let free = box.left + 10;
  for (const { at, words } of instants.filter(({ at }) => at >= box.left && at <= box.left + box.width)) {
    pen.line([at, box.top, at, box.top + box.height], { color, dash: [5, 4] });
    if (at - WIDTH_OF_WORDS / 2 >= free) {
      pen.text(at, box.top - 4, words, { color, align: at > box.left + box.width - WIDTH_OF_WORDS / 2 ? "end" : "middle", baseline: "bottom" });
      free = at + WIDTH_OF_WORDS / 2;
    }
  }
}
