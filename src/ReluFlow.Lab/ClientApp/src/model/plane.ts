import type { Frame } from "../wire/frame";

/** A plane on which neurons are drawn: two rows of coordinates, and what share of Σ‖w‖² each keeps. */
export interface Plane {
  first: Float64Array;
  second: Float64Array;
  shares: [number, number] | null;
}

// Jacobi's sweeps converge quadratically: matrices of at most 8 × 8 are done in a few.
const SWEEPS = 12;

/** The inputs' own plane where there are two coordinates, else the first two uncentred principal directions of Σ_j w_j w_jᵀ. */
export function planeOf(frame: Frame, previous?: Plane): Plane {
  const d = frame.coordinates;
  if (d <= 2) {
    return { first: Float64Array.of(1, 0), second: Float64Array.of(0, 1), shares: null };
  }

  let largest = -Infinity;
  for (let j = 0; j < frame.neurons; j++) {
    largest = Math.max(largest, frame.logIn[j]!);
  }

  const moment = new Float64Array(d * d);
  for (let j = 0; j < frame.neurons; j++) {
    const weight = Math.exp(2 * (frame.logIn[j]! - largest));
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        moment[a * d + b] = moment[a * d + b]! + weight * frame.unitIn[j * d + a]! * frame.unitIn[j * d + b]!;
      }
    }
  }

  const { values, vectors } = symmetricEigen(moment, d);
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!);
  const total = values.reduce((sum, value) => sum + value, 0) || 1;
  const column = (i: number) => Float64Array.from({ length: d }, (_, a) => vectors[a * d + order[i]!]!);
  const plane: Plane = { first: column(0), second: column(1), shares: [values[order[0]!]! / total, values[order[1]!]! / total] };
  orient(plane.first, previous?.first);
  orient(plane.second, previous?.second);
  return plane;
}

/** Where the unit direction of a neuron stands in a plane; its length there is at most 1. */
export function inPlane(plane: Plane, frame: Frame, neuron: number): [number, number] {
  const d = frame.coordinates;
  if (d === 1) {
    return [frame.unitIn[neuron]!, 0];
  }

  let [x, y] = [0, 0];
  for (let a = 0; a < d; a++) {
    x += plane.first[a]! * frame.unitIn[neuron * d + a]!;
    y += plane.second[a]! * frame.unitIn[neuron * d + a]!;
  }

  return [x, y];
}

// A direction has no sign of its own: it keeps the one it had, or its largest coordinate is positive.
function orient(direction: Float64Array, previous?: Float64Array): void {
  let reference = 0;
  if (previous && previous.length === direction.length) {
    reference = direction.reduce((sum, value, a) => sum + value * previous[a]!, 0);
  } else {
    reference = direction.reduce((largest, value) => (Math.abs(value) > Math.abs(largest) ? value : largest), 0);
  }

  if (reference < 0) {
    direction.forEach((value, a) => (direction[a] = -value));
  }
}

/** Eigenvalues and eigenvectors (columns) of a symmetric d × d matrix by Jacobi's rotations. */
export function symmetricEigen(matrix: Float64Array, d: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const v = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    v[i * d + i] = 1;
  }

  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p = 0; p < d; p++) {
      for (let q = p + 1; q < d; q++) {
        if (a[p * d + q] !== 0) {
          rotate(a, v, d, p, q);
        }
      }
    }
  }

  return { values: Float64Array.from({ length: d }, (_, i) => a[i * d + i]!), vectors: v };
}

function rotate(a: Float64Array, v: Float64Array, d: number, p: number, q: number): void {
  const theta = (a[q * d + q]! - a[p * d + p]!) / (2 * a[p * d + q]!);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  const turn = (m: Float64Array, i: number, j: number) => {
    const [x, y] = [m[i]!, m[j]!];
    m[i] = c * x - s * y;
    m[j] = s * x + c * y;
  };
  for (let k = 0; k < d; k++) {
    turn(a, k * d + p, k * d + q);
  }

  for (let k = 0; k < d; k++) {
    turn(a, p * d + k, q * d + k);
    turn(v, k * d + p, k * d + q);
  }
}
