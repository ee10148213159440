import { describe, expect, it } from "vitest";
import { SvgPen } from "../src/draw/svgPen";
import { decadeScale, linearScale, linearTicks, logScale } from "../src/draw/scale";
import { log10Of, scaleAt, shortScale } from "../src/model/logScale";
import { parseNeurons } from "../src/model/neuronList";
import { exponentialText, numberText } from "../src/model/numberText";

describe("scales", () => {
  it("give values back", () => {
    for (const scale of [linearScale(-3, 8, 100, 20), logScale(1e-5, 1e3, 0, 400), decadeScale(-300, 2, 0, 100)]) {
      const value = scale.valueAt(37);
      expect(scale.at(value)).toBeCloseTo(37, 9);
    }
  });

  it("have no place for what is not positive on a logarithm", () => expect(logScale(1, 10, 0, 1).at(0)).toBeNaN());

  it("have round ticks inside their range", () => {
    expect(linearTicks(0, 40, 8).map(({ text }) => text)).toEqual(["0", "5", "10", "15", "20", "25", "30", "35", "40"]);
    expect(linearTicks(-0.3, 0.31, 4).map(({ value }) => value)).toEqual([-0.2, 0, 0.2]);
    expect(decadeScale(-300, 2, 0, 100).ticks(4).map(({ text }) => text)).toEqual(["10⁻³⁰⁰", "10⁻²⁰⁰", "10⁻¹⁰⁰", "10⁰"]);
    expect(linearTicks(1, 1, 5)).toEqual([]);
  });
});

it.each([[0.3, 0.4], [0.02, 0.15], [1e-3, 9e-3], [1e-16, 1], [0.0388, 0.0389], [2, 300]])("a logarithmic axis from %s to %s has two ticks or more, inside and named apart", (low, high) => {
  for (const scale of [logScale(low, high, 0, 100), decadeScale(Math.log10(low), Math.log10(high), 0, 100)]) {
    const ticks = scale.ticks(4);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length);
    ticks.forEach(({ value }) => expect(scale.at(value) >= -0.01 && scale.at(value) <= 100.01).toBe(true));
  }
});

describe("λ", () => {
  it.each([["1.2909944487358056e-4", "1.29099e-4"], ["1e-1000", "1e-1000"], ["0.00012345678", "0.000123457"], ["1.5E-6", "1.5E-6"], ["0.123456", "0.123456"], ["2", "2"]])("%s is shown as %s", (scale, shown) => expect(shortScale(scale)).toBe(shown));

  it("is read at any exponent", () => {
    expect(log10Of("1e-1000")).toBe(-1000);
    expect(log10Of("2.5e-3")).toBeCloseTo(Math.log10(0.0025), 12);
    for (const wrong of ["", "0", "-1", "1e", "abc", "1e-9999999"]) {
      expect(log10Of(wrong)).toBeNaN();
    }
  });

  it("is written as a slider means it", () => {
    expect(scaleAt(-300)).toBe("1e-300");
    expect(scaleAt(-5.5)).toBe("3.16e-6");
    expect(scaleAt(0)).toBe("1");
    expect(scaleAt(1)).toBe("10");
  });
});

describe("numbers in words", () => {
  it.each([[0, "0"], [0.5, "0.5"], [-1.25, "−1.25"], [1e-14, "10⁻¹⁴"], [3.2e-9, "3.2·10⁻⁹"], [NaN, "not a number"]])("%s is %s", (value, words) => expect(numberText(value)).toBe(words));

  it("say powers that are no numbers", () => {
    expect(exponentialText(-1000 * Math.LN10)).toBe("10⁻¹⁰⁰⁰");
    expect(exponentialText(-1e30)).toBe("0");
    expect(exponentialText(0)).toBe("1");
  });
});

describe("parseNeurons", () => {
  it("reads lists and ranges", () => expect(parseNeurons("0-2, 7", 8)).toEqual([0, 1, 2, 7]));
  it.each(["8", "3-1", "x", "-1"])("refuses %s", (text) => expect(() => parseNeurons(text, 8)).toThrow());
});

describe("SvgPen", () => {
  it("writes what is drawn, escaped", () => {
    const pen = new SvgPen(100, 50, "#ffffff", () => "data:image/png;base64,AA");
    pen.line([0, 0, NaN, NaN, 1, 1, 2, 2], { color: "#123456", dash: [1, 2] });
    pen.text(1, 2, "a < b & c", { color: "#000000", halo: "#ffffff" });
    pen.within({ left: 0, top: 0, width: 5, height: 5 }, () => pen.marks("star", [3, 3, NaN, 4], [2, 2], "#000000"));
    const text = pen.toText("T");
    expect(text).toContain('d="M0 0M1 1L2 2"');
    expect(text).toContain("a &lt; b &amp; c");
    expect(text).toContain('clip-path="url(#box0)"');
    expect(text.match(/<path/g)).toHaveLength(2);
  });
});
