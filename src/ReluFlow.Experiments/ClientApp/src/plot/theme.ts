import type { Specification } from "./specification";

/** Colours to be exchanged, by the colour on white; empty for the light theme. */
export type Theme = Record<string, string>;

/** The specification with its colours exchanged. */
export function inTheme(specification: Specification, theme: Theme): Specification {
  const text = JSON.stringify(specification);
  return JSON.parse(text.replace(/#[0-9a-f]{6}\b/g, (color) => theme[color] ?? color)) as Specification;
}
