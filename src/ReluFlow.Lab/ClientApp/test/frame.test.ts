import { describe, expect, it } from "vitest";
import { decodeFrame, isOpen, openGates, signOf } from "../src/wire/frame";
import { frameBytes } from "./frameBytes";

describe("decodeFrame", () => {
  it("reads what was written, array by array", () => {
    const frame = decodeFrame(frameBytes({ neurons: 3, dimension: 2, samples: 9, loss: 0.5, time: 1.25 }));
    expect([frame.neurons, frame.coordinates, frame.outputs, frame.samples, frame.request, frame.index]).toEqual([3, 2, 1, 9, 7, 4]);
    expect([frame.time, frame.loss, frame.squaredNorm, frame.gradientNorm, frame.clusters, frame.effectiveWidth]).toEqual([1.25, 0.5, 2.5, 0.125, 3, -1]);
    expect([...frame.logIn]).toEqual([0, -1, -2]);
    expect([...frame.logOut]).toEqual([0, 1, 2]);
    expect([...frame.unitIn]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([0, 1, 2].map((j) => signOf(frame, j))).toEqual([1, -1, 1]);
    expect(frame.isLast).toBe(false);
  });

  it("finds gate k in bit k mod 8 of byte k / 8 of the neuron's row", () => {
    const frame = decodeFrame(frameBytes({ neurons: 2, dimension: 2, samples: 9, gates: [[0, 8], [3]] }));
    expect(isOpen(frame, 0, 0) && isOpen(frame, 0, 8) && isOpen(frame, 1, 3)).toBe(true);
    expect([openGates(frame, 0), openGates(frame, 1)]).toEqual([2, 1]);
  });

  it("takes two coordinates where directions are in a plane", () => {
    const frame = decodeFrame(frameBytes({ neurons: 2, dimension: 64, samples: 3, flags: 3 }));
    expect([frame.coordinates, frame.inPlane, frame.isLast]).toEqual([2, true, true]);
  });

  it.each([
    ["no header", new ArrayBuffer(8), /shorter than its header/],
    ["another magic", new ArrayBuffer(200), /RFL1/],
    ["too short", frameBytes({ neurons: 3, dimension: 2, samples: 9 }).slice(0, 100), /expected/],
  ])("refuses a frame with %s", (_, bytes, reason) => {
    expect(() => decodeFrame(bytes)).toThrow(reason);
  });
});
