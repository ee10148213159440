import type { Experiment } from "./experiment";

/** What the page calls the fields of an experiment, beside their controls and in messages. */
export const FIELD_NAMES: Record<keyof Experiment, string> = {
  data: "The set of samples",
  bias: "Bias",
  width: "Width m",
  scheme: "Start",
  scale: "Scale λ",
  seed: "Seed",
  loss: "Loss",
  method: "Law",
  tolerance: "Tolerance",
  step: "Step size",
  time: "Stop at time",
  stopLoss: "Stop at loss",
  saves: "Saved times",
  spacing: "Spaced",
};

/** The field of the page that a field of a message belongs to: `data.points` is part of `data`. */
export function fieldOf(field: string | null | undefined): keyof Experiment | undefined {
  const first = field?.split(".")[0] ?? "";
  return Object.hasOwn(FIELD_NAMES, first) ? (first as keyof Experiment) : undefined;
}

// What a message is about stands at its beginning: a field, or one inside of it.
const SUBJECT = /^([A-Za-z]+)(?:\.([A-Za-z.]+))?(?= (?:is|has|are)\b|, source )/;

/** A message of the server by the names that the page has for things. */
export function inWords(message: string): string {
  return message.replace(SUBJECT, (whole, field: string, inner?: string) => {
    const name = Object.hasOwn(FIELD_NAMES, field) ? FIELD_NAMES[field as keyof Experiment] : undefined;
    const option = /^options\.(.+)$/.exec(inner ?? "")?.[1];
    return name === undefined ? whole : option ? `${name}: ${optionName(option)}` : name;
  });
}

/** What the page calls an option of a generator. */
export function optionName(option: string): string {
  return option.replace(/([A-Z])/g, " $1").toLowerCase();
}
