/** The number that a text is, with a hyphen or a minus; NaN where it is none. */
export function numberIn(text: string): number {
  const plain = text.trim().replace("−", "-");
  const value = plain === "" ? NaN : Number(plain);
  return Number.isFinite(value) ? value : NaN;
}
