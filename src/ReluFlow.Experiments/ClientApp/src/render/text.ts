// Advances of DejaVu Sans in ems, the widest of the fonts that figures ask for: a layout made for them fits the narrower ones.
const ADVANCES: readonly (readonly [RegExp, number])[] = [
  [/[ijl.,:;'|!]/, 0.32],
  [/[ftrI()[\]/ \-]/, 0.39],
  [/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻·]/, 0.42],
  [/[mwMW]/, 0.93],
  [/[A-Z]/, 0.69],
  [/[a-z0-9\u0370-\u03ff]/, 0.62],
];

const WIDEST = 0.84;

/** The width of a line of text in pixels where there is no canvas to measure it. */
export function widthOf(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) {
    ems += ADVANCES.find(([pattern]) => pattern.test(character))?.[1] ?? WIDEST;
  }

  return ems * fontSize;
}
