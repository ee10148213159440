/** λ as text, since 1e-1000 is no number of JavaScript: a mantissa and a decimal exponent. */
export type LogScale = string;

const PATTERN = /^\s*\+?(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,6}))?\s*$/;

/** log₁₀ λ, right at any exponent; NaN where the text is no positive number. */
export function log10Of(scale: LogScale): number {
  const parts = PATTERN.exec(scale);
  const mantissa = Number(parts?.[1]);
  return parts && mantissa > 0 ? Math.log10(mantissa) + Number(parts[2] ?? 0) : NaN;
}

/** The shortest text with three digits whose log₁₀ is the given one. */
export function scaleAt(log10: number): LogScale {
  let exponent = Math.floor(log10 + 1e-9);
  let mantissa = Number((10 ** (log10 - exponent)).toPrecision(3));
  if (mantissa >= 10) {
    mantissa /= 10;
    exponent += 1;
  }

  return exponent === 0 ? String(mantissa) : exponent > 0 && exponent < 6 ? String(Number(`${mantissa}e${exponent}`)) : `${mantissa}e${exponent}`;
}

const SHOWN_DIGITS = 6;

/** λ for reading, its mantissa with six digits at most; what is shorter stays as it is. */
export function shortScale(scale: LogScale): string {
  const [mantissa, exponent] = scale.trim().split(/e/i);
  const digits = mantissa!.replace(/^\+?0*\.?0*|\./g, "").length;
  return digits <= SHOWN_DIGITS ? scale : `${Number(Number(mantissa).toPrecision(SHOWN_DIGITS))}${exponent === undefined ? "" : `e${exponent}`}`;
}
