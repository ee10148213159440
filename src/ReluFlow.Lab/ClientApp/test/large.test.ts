import { describe, expect, it, vi } from "vitest";
import { cell } from "../src/draw/palette";
import { censusOf } from "../src/model/census";
import { DEFAULT_EXPERIMENT } from "../src/model/experiment";
import { gateOrder } from "../src/model/gateOrder";
import { NormRange } from "../src/model/normRange";
import { Run } from "../src/model/run";
import { sameFrames } from "../src/model/sameFrames";
import { sampleText } from "../src/model/samples";
import { decodeFrame, isOpen, openGates, signOf } from "../src/wire/frame";
import { frameBytes } from "./frameBytes";

const NEURONS = 200;
const SAMPLES = 19;

// Gates drawn by a fixed rule; every seventh neuron has those of the one before it.
let state = 1;
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const gates: number[][] = [];
for (let j = 0; j < NEURONS; j++) {
  gates.push(j % 7 === 6 ? gates[j - 1]! : Array.from({ length: SAMPLES }, (_, k) => k).filter(() => random() < 0.02 * (j % 9)));
}

const frame = decodeFrame(frameBytes({ neurons: NEURONS, dimension: 2, samples: SAMPLES, gates, logIn: gates.map((_, j) => -j / 10) }));

describe("gateOrder", () => {
  it("is that of the gates written as words", () => {
    const words = gates.map((open) => Array.from({ length: SAMPLES }, (_, k) => (open.includes(k) ? "1" : "0")).join(""));
    const expected = [...words.keys()].sort((a, b) => signOf(frame, b) - signOf(frame, a) || (words[a]! < words[b]! ? 1 : words[a]! > words[b]! ? -1 : a - b));
    expect([...gateOrder(frame)]).toEqual(expected);
  });
});

describe("counting", () => {
  it("finds the open gates one by one", () => {
    for (let j = 0; j < NEURONS; j++) {
      expect(openGates(frame, j)).toBe(gates[j]!.length);
      expect(Array.from({ length: SAMPLES }, (_, k) => k).filter((k) => isOpen(frame, j, k))).toEqual(gates[j]);
    }
  });

  it("finds who is active and who is seen, once a frame", () => {
    // ln ‖a‖‖w‖ of neuron j is 0.9 j: those above the last by less than ln 100 = 4.6 are seen.
    const census = censusOf(frame);
    expect(census).toEqual({ active: gates.filter((open) => open.length > 0).length, visible: 6 });
    expect(censusOf(frame)).toBe(census);
  });
});

describe("NormRange", () => {
  const frameOf = (index: number, logIn: number[]) => decodeFrame(frameBytes({ neurons: 2, dimension: 2, samples: 1, index, logIn }));

  it("takes in each frame once, and begins anew with another run", () => {
    const range = new NormRange();
    const run = new Run(DEFAULT_EXPERIMENT);
    expect(range.of(run)).toBeUndefined();
    run.add(frameOf(0, [1, -1e30]));
    expect(range.of(run)).toEqual([1, 1]);
    run.add(frameOf(1, [-2, 3]));
    const read = vi.spyOn(run.frames[0]!, "logIn", "get");
    expect(range.of(run)).toEqual([-2, 3]);
    expect(read).not.toHaveBeenCalled();
    const other = new Run(DEFAULT_EXPERIMENT);
    other.add(frameOf(0, [0, 0.5]));
    expect(range.of(other)).toEqual([0, 0.5]);
  });
});

describe("sameFrames", () => {
  const runOf = (request: number, change = -1) => {
    const bytes = frameBytes({ neurons: 3, dimension: 2, samples: 9, request, index: 0 });
    if (change >= 0) {
      new Uint8Array(bytes)[change]! ^= 1;
    }

    const run = new Run(DEFAULT_EXPERIMENT);
    run.add(decodeFrame(bytes));
    return run;
  };

  it("minds every byte but the request", () => {
    const length = runOf(1).frames[0]!.buffer.byteLength;
    expect(length % 4).not.toBe(0);
    expect(sameFrames(runOf(1), runOf(2))).toBe(true);
    // Past the words that say what lengths the frame has.
    for (let at = 32; at < length; at++) {
      expect(sameFrames(runOf(1), runOf(1, at))).toBe(false);
    }
  });
});

it("a sample is told in words", () => {
  expect(sampleText({ inputs: [[0.5]], targets: [[-1]] }, 0)).toBe("Sample 1: x = 0.5, y = −1.");
  expect(sampleText({ inputs: [[1, 2], [3, -4]], targets: [[1], [0.25]] }, 1)).toBe("Sample 2: x₁ = 3, x₂ = −4, y = 0.25.");
});

it("a cell has red, green, blue and no transparency, in this order", () => {
  expect([...new Uint8Array(Uint32Array.of(cell("#5e3c99")).buffer)]).toEqual([0x5e, 0x3c, 0x99, 255]);
});
