import { exponentialText, numberText, powerText } from "../model/numberText";

// One mark alone does not say how far it is to another value.
const LEAST_TICKS = 2;

/** A mark of an axis. */
export interface Tick {
  value: number;
  text: string;
}

/** Maps values to pixels, linearly or by their logarithm. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly isLog: boolean;
  /** The pixel of a value; NaN where it has none. */
  at(value: number): number;
  /** The value of a pixel. */
  valueAt(pixel: number): number;
  ticks(wanted: number): Tick[];
}

export function linearScale(low: number, high: number, from: number, to: number): Scale {
  const span = high - low || 1;
  return {
    low, high, isLog: false,
    at: (value) => from + ((value - low) / span) * (to - from),
    valueAt: (pixel) => low + ((pixel - from) / (to - from)) * span,
    ticks: (wanted) => linearTicks(low, high, wanted),
  };
}

/** A scale of log₁₀ of the value; low and high are positive. */
export function logScale(low: number, high: number, from: number, to: number): Scale {
  const inner = linearScale(Math.log10(low), Math.log10(high), from, to);
  return {
    low, high, isLog: true,
    at: (value) => (value > 0 ? inner.at(Math.log10(value)) : NaN),
    valueAt: (pixel) => 10 ** inner.valueAt(pixel),
    ticks: (wanted) => decadeTicks(inner.low, inner.high, wanted).map(({ value, text }) => ({ value: 10 ** value, text })),
  };
}

/** A scale of values that are log₁₀ themselves: powers of ten that are no numbers still have their place. */
export function decadeScale(low: number, high: number, from: number, to: number): Scale {
  return { ...linearScale(low, high, from, to), ticks: (wanted) => decadeTicks(low, high, wanted) };
}

/** Round numbers from low to high, about as many as wanted: steps of 1, 2 or 5 times a power of ten. */
export function linearTicks(low: number, high: number, wanted: number): Tick[] {
  if (!(high > low) || !Number.isFinite(high - low)) {
    return [];
  }

  const step = roundStep((high - low) / Math.max(1, wanted));
  const ticks: Tick[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
    const value = Number((i * step).toPrecision(12));
    ticks.push({ value, text: numberText(value, 6) });
  }

  return ticks;
}

function decadeTicks(low: number, high: number, wanted: number): Tick[] {
  const rough = (high - low) / Math.max(1, wanted);
  const step = rough <= 3 ? Math.max(1, Math.ceil(rough)) : roundStep(rough);
  const ticks: Tick[] = [];
  for (let exponent = Math.ceil(low / step - 1e-9) * step; exponent <= high + 1e-9; exponent += step) {
    ticks.push({ value: exponent, text: powerText(exponent) });
  }

  return ticks.length >= LEAST_TICKS ? ticks : ticksWithin(low, high, wanted);
}

// Less than a decade or so: ones, twos and fives, or round numbers where that is too few.
function ticksWithin(low: number, high: number, wanted: number): Tick[] {
  const ticks: Tick[] = [];
  for (let decade = Math.floor(low); decade <= high; decade++) {
    for (const leading of [1, 2, 5]) {
      const value = decade + Math.log10(leading);
      if (value >= low - 1e-9 && value <= high + 1e-9) {
        ticks.push({ value, text: leading === 1 ? powerText(decade) : exponentialText(value * Math.LN10) });
      }
    }
  }

  // In units of the decade, since 10^low may be no number.
  const unit = Math.floor(low);
  return ticks.length >= LEAST_TICKS ? ticks
    : linearTicks(10 ** (low - unit), 10 ** (high - unit), Math.max(wanted, LEAST_TICKS)).map(({ value }) => ({ value: unit + Math.log10(value), text: exponentialText((unit + Math.log10(value)) * Math.LN10, 6) }));
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const leading = rough / power;
  return power * (leading <= 1.0001 ? 1 : leading <= 2.0001 ? 2 : leading <= 5.0001 ? 5 : 10);
}

/** Low and high with a margin on both sides; a single value gets room around it. */
export function padded(low: number, high: number, share = 0.08): [number, number] {
  if (!(high >= low)) {
    return [-1, 1];
  }

  const room = high > low ? (high - low) * share : Math.max(1, Math.abs(high)) * 0.5;
  return [low - room, high + room];
}
