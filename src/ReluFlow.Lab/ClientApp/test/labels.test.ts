import { describe, expect, it } from "vitest";
import { drawAxes, plotBox } from "../src/draw/axes";
import { placed, widthOf } from "../src/draw/labels";
import { palette } from "../src/draw/palette";
import { linearScale } from "../src/draw/scale";
import { SvgPen } from "../src/draw/svgPen";

describe("placed", () => {
  const tens = () => 10;

  it("keeps labels that have room where they belong", () => expect(placed([{ at: 20, words: "a" }, { at: 40, words: "b" }], 0, 100, tens)).toEqual([{ center: 20, words: "a" }, { center: 40, words: "b" }]));

  it("counts those that have none behind the one before", () => {
    const labels = [{ at: 50, words: "d" }, { at: 21, words: "b" }, { at: 20, words: "a" }, { at: 29, words: "c" }];
    expect(placed(labels, 0, 100, tens)).toEqual([{ center: 20, words: "a +2" }, { center: 50, words: "d" }]);
  });

  it("moves labels inside", () => expect(placed([{ at: 0, words: "a" }, { at: 100, words: "b" }], 0, 100, tens).map(({ center }) => center)).toEqual([5, 95]));

  it("never prints one over another, nor outside", () => {
    let seed = 7;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let trial = 0; trial < 200; trial++) {
      const labels = Array.from({ length: 1 + Math.floor(30 * random()) }, (_, i) => ({ at: 400 * random(), words: `L = ${i}` }));
      const ends = placed(labels, 0, 400, widthOf).map(({ center, words }) => [center - widthOf(words) / 2, center + widthOf(words) / 2] as const);
      ends.forEach(([low, high], i) => {
        expect(low).toBeGreaterThanOrEqual(i === 0 ? 0 : ends[i - 1]![1]);
        expect(high).toBeLessThanOrEqual(400);
      });
    }
  });
});

it("the last tick of an axis is printed inside of the picture", () => {
  const [width, height] = [300, 200];
  const box = plotBox(width, height);
  const pen = new SvgPen(width, height, "#ffffff", () => "");
  const x = linearScale(0, 400_000, box.left, box.left + box.width);
  drawAxes(pen, box, x, linearScale(0, 1, box.top + box.height, box.top), { x: "t", y: "L" }, palette(false));
  const last = x.ticks(box.width / 70).at(-1)!;
  const at = Number(new RegExp(`<text x="([0-9.]+)"[^>]*>${last.text.replace(/[^0-9]/g, ".")}<`).exec(pen.toText("T"))![1]);
  expect(last.value).toBe(400_000);
  expect(at + widthOf(last.text) / 2).toBeLessThanOrEqual(width);
});
