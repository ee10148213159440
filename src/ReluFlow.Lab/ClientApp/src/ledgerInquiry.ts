import type { Lab } from "./lab";
import type { Run } from "./model/run";
import type { Ledger } from "./wire/messages";

// A cursor that has stood still for so long is looked at.
const MILLISECONDS_OF_REST = 120;

/** Asks for the ledger of the time that is looked at: once the cursor rests, one at a time, and the latest wish wins. */
export class LedgerInquiry {
  private isWanted = false;
  private isUnderWay = false;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly lab: Lab) {}

  /** The cursor is somewhere, perhaps not for long. */
  want(): void {
    if (this.isMissing) {
      this.lab.run.ledger = undefined;
      this.isWanted = true;
      clearTimeout(this.rest);
      this.rest = setTimeout(() => {
        this.rest = undefined;
        this.goOn();
      }, MILLISECONDS_OF_REST);
    }
  }

  /** What was asked is answered; a ledger of a time that has passed is nothing to look at. */
  answered(ledger: Ledger | undefined, run: Run): void {
    if (run !== this.lab.run || ledger?.frame === this.lab.index) {
      run.ledger = ledger;
    }

    this.lost();
    this.goOn();
  }

  /** What was asked is answered by nobody any more. */
  lost(): void {
    this.isUnderWay = false;
  }

  private goOn(): void {
    if (this.isWanted && !this.isUnderWay && this.rest === undefined) {
      const { lab } = this;
      this.isWanted = false;
      this.isUnderWay = this.isMissing;
      if (this.isMissing) {
        lab.conversation?.askLedger(lab.run, lab.index);
      }
    }
  }

  private get isMissing(): boolean {
    const { run, index, player } = this.lab;
    return run.finished !== undefined && !player.playing && run.frames.length > 0 && run.ledger?.frame !== index;
  }
}
