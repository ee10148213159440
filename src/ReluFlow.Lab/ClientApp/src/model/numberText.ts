const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number for reading: a few digits, a power of ten where it is very large or small. */
export function numberText(value: number, digits = 4): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  }

  if (value === 0) {
    return "0";
  }

  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e6) {
    return String(Number(value.toPrecision(digits))).replace("-", "−");
  }

  const [mantissa, exponent] = value.toExponential(Math.max(0, digits - 2)).split("e");
  return tenfold(Number(mantissa), Number(exponent));
}

/** e^log for reading, however small: 10⁻³⁰⁰ has no number of its own. */
export function exponentialText(log: number, digits = 3): string {
  if (log === -Infinity || log <= -1e29) {
    return "0";
  }

  const log10 = log / Math.LN10;
  if (log10 > -3 && log10 < 6) {
    return numberText(Math.exp(log), digits);
  }

  const exponent = Math.floor(log10);
  const mantissa = Number((10 ** (log10 - exponent)).toPrecision(Math.max(1, digits - 1)));
  return mantissa >= 10 ? tenfold(1, exponent + 1) : tenfold(mantissa, exponent);
}

/** 10^exponent in superscripts. */
export function powerText(exponent: number): string {
  return `10${[...String(exponent)].map((c) => (c === "-" ? "⁻" : (SUPERSCRIPTS[Number(c)] ?? c))).join("")}`;
}

/** A whole number in subscripts. */
export function subscript(number: number): string {
  return [...String(number)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]!).join("");
}

function tenfold(mantissa: number, exponent: number): string {
  const sign = mantissa < 0 ? "−" : "";
  return Math.abs(mantissa) === 1 ? sign + powerText(exponent) : `${sign}${Math.abs(mantissa)}·${powerText(exponent)}`;
}
