import { rowBytes, signOf, type Frame } from "../wire/frame";

// Bit k of a byte is sample k: read backwards, the number of a byte orders as its samples do.
const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => Number.parseInt(byte.toString(2).padStart(8, "0").split("").reverse().join(""), 2));

/** The neurons ordered by sign, then by what they are active on, as numbers whose first digit is the first sample; positive and active first. */
export function gateOrder(frame: Frame): Uint32Array {
  const { gates, neurons } = frame;
  const row = rowBytes(frame);
  const signs = Int8Array.from({ length: neurons }, (_, j) => signOf(frame, j));
  return Uint32Array.from({ length: neurons }, (_, j) => j).sort((a, b) => {
    if (signs[a] !== signs[b]) {
      return signs[b]! - signs[a]!;
    }

    for (let i = 0; i < row; i++) {
      const difference = REVERSED[gates[b * row + i]!]! - REVERSED[gates[a * row + i]!]!;
      if (difference !== 0) {
        return difference;
      }
    }

    return a - b;
  });
}
