import type { Lab } from "./lab";
import { groupsOfOneSign, Reduction, type ReductionRequest } from "./model/reduction";
import type { Reduced } from "./wire/messages";

/** Merging and pruning what is marked, and the network that came of it. */
export class Reductions {
  private last: Reduction | undefined;

  constructor(private readonly lab: Lab) {}

  /** The network that was merged or pruned, while the time and the run are looked at that it comes from. */
  get current(): Reduction | undefined {
    return this.last?.isOf(this.lab.run, this.lab.index) ? this.last : undefined;
  }

  /** Merges the marked neurons into one a sign, or leaves them out. */
  ask(prune: boolean): void {
    const { frame, run, index, selected, conversation } = this.lab;
    const merge = prune || !frame ? [] : groupsOfOneSign(frame, selected);
    if (!prune && merge.length === 0) {
      this.lab.say("Nothing to merge: two or more marked neurons of one sign are expected.");
    } else {
      conversation?.reduce({ run, index, merge, prune: prune ? [...selected] : [] });
    }
  }

  answered(answer: Reduced, asked: ReductionRequest): void {
    if (asked.run === this.lab.run) {
      this.last = new Reduction(answer, asked);
      this.lab.redraw();
    }
  }

  forget(): void {
    this.last = undefined;
    this.lab.redraw();
  }
}
