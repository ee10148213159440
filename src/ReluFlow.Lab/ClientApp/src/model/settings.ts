import { DEFAULT_EXPERIMENT, type Experiment } from "./experiment";

// What shows something of a set in a second or two: scales and times of the shipped experiments, with fewer neurons and samples where those are long.
const SETTINGS: Record<string, Partial<Experiment>> = {
  "orthogonal-toy": {},
  "nonorthogonal-toy": { scale: "1.3e-4", time: 800 },
  "nonorthogonal-toy-trap": { time: 1000, stopLoss: 0 },
  "early-alignment-3pt": { width: 200, scale: "1e-3", time: 10000, spacing: "log" },
  "stewart-40": { width: 100, scale: "1e-3", time: 4000, tolerance: 1e-5, stopLoss: 0, spacing: "log" },
  "teacher-highdim": { width: 100, bias: false, scale: "1e-20", time: 400, tolerance: 1e-3, stopLoss: 0, saves: 201 },
  digits: { data: { builtin: "digits", options: { classes: [3, 8], samples: 60 } }, width: 60, scale: "1e-3", time: 30, tolerance: 1e-4, stopLoss: 0, saves: 201 },
  orthogonal: { bias: false, time: 300, tolerance: 1e-6 },
  "random-directions": { bias: false, width: 60, time: 300, tolerance: 1e-4 },
  teacher: { bias: false, width: 100, scale: "1e-6", time: 200, tolerance: 1e-4, saves: 201 },
  "two-clusters": { bias: false, width: 100, loss: "logistic", time: 400, tolerance: 1e-5, stopLoss: 0 },
  stewart: { width: 100, scale: "1e-3", time: 1000, tolerance: 1e-5, stopLoss: 0, spacing: "log" },
};

/** The settings with which a built-in set or a generator is first seen; everything that it leaves open is the default. */
export function settingsFor(name: string): Partial<Experiment> {
  const { data: _, ...rest } = DEFAULT_EXPERIMENT;
  return { ...rest, ...SETTINGS[name] };
}
