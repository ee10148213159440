import type { Frame } from "../wire/frame";
import { numberText } from "./numberText";
import type { Run } from "./run";

// Above this loss the samples are not fitted to rounding, and a norm may be below the least of those that fit them.
const FITTED = 1e-10;

/** ‖θ‖² over the least that interpolates, minus one, in words; in a second line the loss where the samples are not fitted yet; undefined where the least is not known. */
export function excessText({ theory, experiment }: Run, { loss, squaredNorm }: Frame): string | undefined {
  const { primal, certified } = theory.minimumSquaredNorm ?? {};
  if (!primal) {
    return undefined;
  }

  const notes = [...(certified ? [] : ["not certified"]), ...(loss <= Math.max(experiment.stopLoss, FITTED) ? [] : [`L = ${numberText(loss, 2)}`])];
  return `${percent(squaredNorm / primal - 1)}${notes.length > 0 ? `\n${notes.join(", ")}` : ""}`;
}

function percent(share: number): string {
  const hundredths = Math.round(1e4 * share) + 0;
  return `${(hundredths / 100).toFixed(2).replace("-", "−")}%`;
}
