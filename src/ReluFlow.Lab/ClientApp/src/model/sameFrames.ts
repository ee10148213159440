import type { Frame } from "../wire/frame";
import type { Run } from "./run";

/** Whether two runs have the same frames, bit for bit. */
export function sameFrames(a: Run, b: Run): boolean {
  return a.frames.length === b.frames.length && a.frames.every((frame, i) => same(frame, b.frames[i]!));
}

function same(a: Frame, b: Frame): boolean {
  return a.time === b.time && a.loss === b.loss && a.squaredNorm === b.squaredNorm && a.gradientNorm === b.gradientNorm
    && equal(a.logIn, b.logIn) && equal(a.logOut, b.logOut) && equal(a.unitIn, b.unitIn) && equal(a.unitOut, b.unitOut) && equal(a.gates, b.gates);
}

function equal(a: Float32Array | Uint8Array, b: Float32Array | Uint8Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
