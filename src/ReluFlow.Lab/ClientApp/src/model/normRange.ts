import type { Run } from "./run";

// Lower logarithms stand for a norm of nought.
const LEAST_LOG = -1e29;

/** The least and the largest ln ‖w_j‖ of a run. Each frame is looked at once, when it has come. */
export class NormRange {
  private run: Run | undefined;
  private seen = 0;
  private low = Infinity;
  private high = -Infinity;

  /** Undefined where no neuron has a norm. */
  of(run: Run): [number, number] | undefined {
    if (run !== this.run) {
      this.run = run;
      this.seen = 0;
      [this.low, this.high] = [Infinity, -Infinity];
    }

    for (; this.seen < run.frames.length; this.seen++) {
      for (const log of run.frames[this.seen]!.logIn) {
        if (log > LEAST_LOG) {
          this.low = Math.min(this.low, log);
          this.high = Math.max(this.high, log);
        }
      }
    }

    return this.low <= this.high ? [this.low, this.high] : undefined;
  }
}
