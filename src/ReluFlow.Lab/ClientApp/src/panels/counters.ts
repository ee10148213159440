import { element, setText } from "../dom";
import type { Lab } from "../lab";
import { censusOf } from "../model/census";
import { excessText } from "../model/excess";
import { logSquaredNorm } from "../model/network";
import { exponentialText, numberText } from "../model/numberText";

const DIGITS = 4;

// Smaller doubles lose digits, and then are nought.
const LEAST_NORMAL = 1e-290;

/** Numbers of the network at the cursor. */
export class Counters {
  private readonly values = new Map<string, HTMLElement>();

  constructor(
    place: HTMLElement,
    private readonly lab: Lab,
  ) {
    const list = element("dl", { class: "counters" });
    for (const [key, name, meaning] of [
      ["loss", "loss L", "L = (1/n) Σ ℓ; for the squared loss (1/2n) Σ ‖f − y‖²"],
      ["gradient", "‖∇L‖", "Norm of the gradient"],
      ["size", "‖θ‖²", "Squared norm of all weights"],
      ["excess", "excess ‖θ‖²", "‖θ‖² over the least that interpolates, minus one; with the loss while the samples are not fitted to rounding"],
      ["clusters", "clusters", "Neurons of one direction and sign, cosine at least 0.99"],
      ["width", "effective width", "Least width that changes training outputs within a tolerance"],
      ["visible", "visible", "‖a‖‖w‖ at least 1% of the largest"],
      ["alive", "active", "Neurons active on at least one sample"],
    ] as const) {
      const value = element("dd");
      this.values.set(key, value);
      list.append(element("div", { title: meaning }, element("dt", {}, name), value));
    }

    place.append(list);
  }

  update(): void {
    const { frame, run } = this.lab;
    const set = (key: string, text: string) => setText(this.values.get(key)!, text);
    if (!frame) {
      this.values.forEach((value) => setText(value, "–"));
      return;
    }

    const known = (count: number) => (count < 0 ? "–" : String(count));
    const { visible, active } = censusOf(frame);
    set("loss", numberText(frame.loss));
    const logGradient = run.logGradients?.[frame.index];
    set("gradient", typeof logGradient === "number" ? exponentialText(logGradient, DIGITS) : "–");
    set("size", frame.squaredNorm >= LEAST_NORMAL ? numberText(frame.squaredNorm, DIGITS) : exponentialText(logSquaredNorm(frame), DIGITS));
    set("excess", excessText(run, frame) ?? "–");
    set("clusters", known(frame.clusters));
    set("width", known(frame.effectiveWidth >= 0 || run.ledger?.frame !== frame.index ? frame.effectiveWidth : (run.ledger.effectiveWidth ?? -1)));
    set("visible", `${visible} of ${frame.neurons}`);
    set("alive", `${active} of ${frame.neurons}`);
  }
}
