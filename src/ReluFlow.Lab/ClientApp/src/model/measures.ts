import { isOpen, signOf, type Frame } from "../wire/frame";
import type { Run } from "./run";

/** When the loss first falls through a level, up to the frame that is looked at, between two saved times by the straight line; NaN while it has not. */
export function fallsThrough({ run, frame }: { run: Run; frame: Frame | undefined }, level: number): number {
  for (let i = 1; frame && i <= frame.index; i++) {
    const [before, after] = [run.frames[i - 1]!, run.frames[i]!];
    if (before.loss > level && after.loss <= level) {
      return before.time + ((before.loss - level) / (before.loss - after.loss)) * (after.time - before.time);
    }
  }

  return NaN;
}

/** The neurons of one sign that are active at the start on all samples whose target has that sign and on no other. */
export function cleanStarters(start: Frame, targets: number[][], sign: 1 | -1): number[] {
  const wanted = targets.map(([y]) => Math.sign(y ?? 0) === sign);
  return Array.from({ length: start.neurons }, (_, j) => j).filter((j) => signOf(start, j) === sign && wanted.every((open, k) => isOpen(start, j, k) === open));
}

/**
 * What share of Σ‖w_j‖² each of a group of neurons is to have in the end, by its start alone: ‖w_j⁰‖²(1 + cos θ_j)² over their sum,
 * θ_j the angle from w_j⁰ to the correlation D of samples and targets that all of them see.
 */
export function predictedShares(start: Frame, neurons: number[], inputs: number[][], targets: number[][], sign: 1 | -1, bias: boolean): number[] {
  const pull = new Float64Array(start.coordinates);
  inputs.forEach((x, k) => {
    const y = targets[k]![0]!;
    if (Math.sign(y) === sign) {
      (bias ? [...x, 1] : x).forEach((value, a) => (pull[a] = pull[a]! + Math.abs(y) * value));
    }
  });
  const length = Math.hypot(...pull);
  return shares(neurons.map((j) => {
    let cosine = 0;
    for (let a = 0; a < start.coordinates; a++) {
      cosine += (start.unitIn[j * start.coordinates + a]! * pull[a]!) / length;
    }

    return 2 * start.logIn[j]! + 2 * Math.log(1 + cosine);
  }));
}

/** What share of Σ‖w_j‖² each of a group of neurons has. */
export function measuredShares(frame: Frame, neurons: number[]): number[] {
  return shares(neurons.map((j) => 2 * frame.logIn[j]!));
}

function shares(logs: number[]): number[] {
  const largest = Math.max(...logs);
  const parts = logs.map((log) => Math.exp(log - largest));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum);
}
