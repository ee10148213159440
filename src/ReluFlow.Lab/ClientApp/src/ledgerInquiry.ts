// A cursor that has stood still for so long is looked at.
const MILLISECONDS_OF_REST = 120;

/** Asks for the ledger of the time that is looked at: once the cursor rests, one at a time, and the latest wish wins. */
export class LedgerInquiry {
  private isWanted = false;
  private isUnderWay = false;
  private rest: ReturnType<typeof setTimeout> | undefined;

  /** @param ask Asks for what is looked at now; says whether there was something to ask. */
  constructor(private readonly ask: () => boolean) {}

  want(): void {
    this.isWanted = true;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.rest = undefined;
      this.goOn();
    }, MILLISECONDS_OF_REST);
  }

  /** What was asked is answered. */
  answered(): void {
    this.isUnderWay = false;
    this.goOn();
  }

  /** What was asked is answered by nobody any more. */
  lost(): void {
    this.isUnderWay = false;
  }

  private goOn(): void {
    if (this.isWanted && !this.isUnderWay && this.rest === undefined) {
      this.isWanted = false;
      this.isUnderWay = this.ask();
    }
  }
}
