import type { Points } from "./experiment";
import { numberText, subscript } from "./numberText";

// More than this many points are not edited one by one, and would make an address too long.
export const MOST_EDITABLE = 200;

/** Whether points can be drawn and moved: one or two inputs, one output, not too many. */
export function isEditable(points: Points | undefined): points is Points {
  const dimension = points?.inputs[0]?.length;
  return points !== undefined && (dimension === 1 || dimension === 2) && points.targets[0]?.length === 1 && points.inputs.length <= MOST_EDITABLE;
}

/** A point in words, counted from one. */
export function sampleText({ inputs, targets }: Points, k: number): string {
  const input = inputs[k]!;
  const names = input.length === 1 ? ["x"] : input.map((_, i) => `x${subscript(i + 1)}`);
  return `Sample ${k + 1}: ${[...names.map((name, i) => `${name} = ${numberText(input[i]!)}`), `y = ${numberText(targets[k]![0]!)}`].join(", ")}.`;
}

/** Points with one more. */
export function withPoint(points: Points, input: number[], target: number): Points {
  return { inputs: [...points.inputs, input], targets: [...points.targets, [target]] };
}

/** Points with one elsewhere. */
export function withMoved(points: Points, k: number, input: number[], target: number): Points {
  return {
    inputs: points.inputs.map((row, i) => (i === k ? input : row)),
    targets: points.targets.map((row, i) => (i === k ? [target] : row)),
  };
}

/** Points without one. */
export function withoutPoint(points: Points, k: number): Points {
  return { inputs: points.inputs.filter((_, i) => i !== k), targets: points.targets.filter((_, i) => i !== k) };
}

/** A number as a hand can mean it: three digits after the point of a range of about ten. */
export function rounded(value: number, span: number): number {
  const digits = Math.max(0, Math.min(12, 3 - Math.floor(Math.log10(span || 1))));
  return Number(value.toFixed(digits)) + 0;
}
