import type { Frame } from "../wire/frame";
import type { Run } from "./run";

// The word of a frame that names the request: the only one in which a repeated run may differ.
const REQUEST_WORD = 1;

/** What is to be said of a run that began as another did; nothing where either was cut short. */
export function repetitionText(before: Run, after: Run): string {
  if (!isWhole(before) || !isWhole(after)) {
    return "";
  }

  return sameFrames(before, after) ? " The same start gave the same frames, bit for bit." : " The frames differ from those before.";
}

/** Whether two runs have the same frames, bit for bit. */
export function sameFrames(a: Run, b: Run): boolean {
  return a.frames.length === b.frames.length && a.frames.every((frame, i) => same(frame, b.frames[i]!));
}

function isWhole(run: Run): boolean {
  return run.finished !== undefined && run.finished.status !== "interrupted" && !run.isFull;
}

// Words first: there are a quarter as many of them as bytes.
function same({ buffer: a }: Frame, { buffer: b }: Frame): boolean {
  if (a.byteLength !== b.byteLength) {
    return false;
  }

  const count = a.byteLength >> 2;
  const [words, others] = [new Uint32Array(a, 0, count), new Uint32Array(b, 0, count)];
  const [rest, otherRest] = [new Uint8Array(a, 4 * count), new Uint8Array(b, 4 * count)];
  return words.every((word, i) => word === others[i] || i === REQUEST_WORD) && rest.every((byte, i) => byte === otherRest[i]);
}
