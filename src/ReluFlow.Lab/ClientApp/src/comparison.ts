import { Beside } from "./beside";
import type { Conversation, ConversationListener } from "./conversation";
import type { Lab } from "./lab";
import type { Experiment } from "./model/experiment";
import type { Run } from "./model/run";

/** The run that the one that is seen is compared with: the one before it, or one that a story or an address names. */
export class Comparison {
  run: Run | undefined;
  private wanted: Experiment | undefined;
  private isKept = false;
  private beside: Beside | undefined;

  constructor(private readonly lab: Lab) {}

  /** What is compared with, also while it is still to be run. */
  get experiment(): Experiment | undefined {
    return this.wanted ?? this.run?.experiment;
  }

  /** Another state is gone over to, which says itself what is compared with. */
  enter(wanted: Experiment | undefined): void {
    this.stop();
    this.wanted = wanted;
    this.keep();
  }

  /** The next run that is seen takes the place of one that is not worth comparing with. */
  keep(): void {
    this.isKept = true;
  }

  /** The state that was gone over to cannot be reached. */
  refused(): void {
    this.wanted = undefined;
    this.isKept = false;
  }

  /** Another run takes the place of the one that was seen. */
  follow(seen: Run | undefined): void {
    if (!this.isKept && seen && seen.frames.length > 0) {
      this.stop();
      this.run = seen;
    }

    this.isKept = false;
  }

  /** Runs what is wanted beside. */
  begin(open: (listener: ConversationListener) => Conversation): void {
    const { wanted } = this;
    if (wanted) {
      this.stop();
      this.beside = new Beside(wanted, open, this.lab);
      this.run = this.beside.run;
    }
  }

  /** Compares no longer; a run that goes on for it gives its place at the server to others. */
  stop(): void {
    this.beside?.close();
    this.beside = this.run = this.wanted = undefined;
    this.lab.redraw();
  }
}
