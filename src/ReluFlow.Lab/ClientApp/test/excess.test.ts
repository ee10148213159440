import { expect, it } from "vitest";
import { DEFAULT_EXPERIMENT } from "../src/model/experiment";
import { excessText } from "../src/model/excess";
import { Run } from "../src/model/run";
import type { Frame } from "../src/wire/frame";

it.each<[string, number, number, boolean, string]>([
  ["at rounding", 1e-14, 18.9, true, "5.00%"],
  ["at the threshold of a run's own stop", 1e-4, 18.9, true, "5.00%"],
  ["near an end that is not reached", 2e-3, 18.9, true, "5.00%\nL = 0.002"],
  ["where the least is not certified", 1e-14, 18, false, "0.00%\nnot certified"],
  ["below the least", 0.5, 9, false, "−50.00%\nnot certified, L = 0.5"],
])("the excess is told %s", (_, loss, squaredNorm, certified, words) => {
  const run = new Run({ ...DEFAULT_EXPERIMENT, stopLoss: 1e-4 });
  expect(excessText(run, { loss, squaredNorm } as Frame)).toBeUndefined();
  run.prepared = { kind: "prepared", request: 1, samples: 1, dimension: 1, outputs: 1, bias: true, theory: { minimumSquaredNorm: { primal: 18, certified } } };
  expect(excessText(run, { loss, squaredNorm } as Frame)).toBe(words);
});
