import type { LogScale } from "./logScale";

/** Samples as rows of inputs (without the bias coordinate) and of targets. */
export interface Points {
  inputs: number[][];
  targets: number[][];
}

/** Where the samples come from: exactly one of the four. */
export type DataChoice =
  | { builtin: string; options?: Record<string, unknown> }
  | { points: Points }
  | { upload: string }
  | { generator: string; options: Record<string, unknown> };

export type Scheme = "balanced" | "unbalanced" | "dominated";
export type Loss = "squared" | "logistic" | "cross-entropy";
export type Method = "gradient-flow" | "gradient-descent";
export type Spacing = "linear" | "log";

/** What is run: all that the server needs and nothing else. */
export interface Experiment {
  data: DataChoice;
  bias: boolean;
  width: number;
  scheme: Scheme;
  scale: LogScale;
  seed: number;
  loss: Loss;
  method: Method;
  tolerance: number;
  step: number;
  time: number;
  stopLoss: number;
  saves: number;
  spacing: Spacing;
}

export const DEFAULT_EXPERIMENT: Experiment = {
  data: { builtin: "orthogonal-toy" },
  bias: true,
  width: 60,
  scheme: "balanced",
  scale: "1e-6",
  seed: 1,
  loss: "squared",
  method: "gradient-flow",
  tolerance: 1e-8,
  step: 1e-2,
  time: 40,
  stopLoss: 1e-14,
  saves: 301,
  spacing: "linear",
};

/** Whether two experiments are the same run. */
export function sameExperiment(a: Experiment, b: Experiment): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

/** In a few words, how one experiment differs from another. */
export function difference(of: Experiment, from: Experiment): string {
  const words: string[] = [];
  if (JSON.stringify(of.data) !== JSON.stringify(from.data) || of.bias !== from.bias) {
    words.push("other data");
  }

  for (const [key, name] of [["width", "m"], ["scheme", ""], ["scale", "λ"], ["seed", "seed"], ["loss", ""], ["method", ""], ["time", "t"]] as const) {
    if (of[key] !== from[key]) {
      words.push(name === "" ? String(of[key]) : `${name} = ${of[key]}`);
    }
  }

  if (of.method === "gradient-descent" && of.step !== from.step) {
    words.push(`step = ${of.step}`);
  }

  return words.join(", ") || "same settings";
}

// Keys in the order of the default, so that equal experiments have equal text.
function inOrder(experiment: Experiment): unknown[] {
  return (Object.keys(DEFAULT_EXPERIMENT) as (keyof Experiment)[]).map((key) => experiment[key]);
}
