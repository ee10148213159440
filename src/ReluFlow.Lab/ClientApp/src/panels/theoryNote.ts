import { element, setText } from "../dom";
import type { Lab } from "../lab";

/** What is to be said where the lines of theory are missing: that they are on their way, or that there was no time for them. */
export class TheoryNote {
  private readonly place = element("p", { class: "note theory", role: "status" });
  private readonly words = element("span");
  private readonly longer = element("button", { type: "button", click: () => this.lab.seekTheoryLonger() }, "Try longer");

  constructor(
    figure: HTMLElement,
    private readonly lab: Lab,
  ) {
    this.place.append(this.words, this.longer);
    figure.append(this.place);
  }

  update(): void {
    const { prepared, theory } = this.lab.run;
    const isSought = prepared?.complete === false;
    const isCutShort = !isSought && theory.cutShort === true;
    this.place.hidden = !isSought && !isCutShort;
    this.longer.hidden = !isCutShort;
    setText(this.words, isSought ? "Theory is being computed …" : isCutShort ? "Theory took too long and is not complete. " : "");
  }
}
