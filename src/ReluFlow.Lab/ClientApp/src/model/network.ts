import { logProduct, signOf, type Frame } from "../wire/frame";

/** What evaluating a network needs: norms as logarithms and unit directions, row-major. A frame has it, and so has a reduced network. */
export type NetworkWeights = Pick<Frame, "neurons" | "coordinates" | "outputs" | "logIn" | "logOut" | "unitIn" | "unitOut">;

/**
 * f(x) = Σ_j e^{ln‖a_j‖ + ln‖w_j‖} â_j σ(⟨ŵ_j, x⟩) of one output at many inputs. Neurons whose product underflows add 0.
 * Constant coordinates after the given ones (a bias) are 1. Cost O(m · inputs).
 */
export function outputsAt(network: NetworkWeights, inputs: Float64Array, given: number, output = 0): Float64Array {
  const count = inputs.length / given;
  const { neurons, coordinates, outputs, unitIn, unitOut } = network;
  const f = new Float64Array(count);
  for (let j = 0; j < neurons; j++) {
    const scale = Math.exp(network.logIn[j]! + network.logOut[j]!) * unitOut[j * outputs + output]!;
    if (scale === 0 || !Number.isFinite(scale)) {
      continue;
    }

    const first = j * coordinates;
    const bias = coordinates > given ? unitIn[first + given]! : 0;
    if (given === 1) {
      addOfOne(f, scale, inputs, unitIn[first]!, bias);
    } else {
      addOfTwo(f, scale, inputs, unitIn[first]!, unitIn[first + 1]!, bias);
    }
  }

  return f;
}

/**
 * f of two inputs and one output on a grid, row-major: a row for each of ys, xs increasing along it. On a row a neuron is active from some point on to one of the ends, and the rest is
 * not looked at: as `outputsAt` to the last bit in a third of its time.
 */
export function outputsOnGrid(network: NetworkWeights, xs: Float64Array, ys: Float64Array): Float64Array {
  const { neurons, coordinates, unitIn, unitOut } = network;
  const columns = xs.length;
  const f = new Float64Array(columns * ys.length);
  for (let j = 0; j < neurons; j++) {
    const scale = Math.exp(network.logIn[j]! + network.logOut[j]!) * unitOut[j]!;
    if (scale === 0 || !Number.isFinite(scale)) {
      continue;
    }

    const first = j * coordinates;
    const [u, v, bias] = [unitIn[first]!, unitIn[first + 1]!, coordinates > 2 ? unitIn[first + 2]! : 0];
    for (let row = 0; row < ys.length; row++) {
      const [step, begin] = u > 0 ? [-1, columns - 1] : [1, 0];
      const up = v * ys[row]!;
      for (let column = begin; column >= 0 && column < columns; column += step) {
        const z = bias + u * xs[column]! + up;
        if (!(z > 0)) {
          break;
        }

        const at = row * columns + column;
        f[at] = f[at]! + scale * z;
      }
    }
  }

  return f;
}

// One loop for one and one for two inputs: with a choice inside they take twice as long.
function addOfOne(f: Float64Array, scale: number, inputs: Float64Array, u: number, bias: number): void {
  for (let i = 0; i < f.length; i++) {
    const z = bias + u * inputs[i]!;
    if (z > 0) {
      f[i] = f[i]! + scale * z;
    }
  }
}

function addOfTwo(f: Float64Array, scale: number, inputs: Float64Array, u: number, v: number, bias: number): void {
  for (let i = 0; i < f.length; i++) {
    const z = bias + u * inputs[2 * i]! + v * inputs[2 * i + 1]!;
    if (z > 0) {
      f[i] = f[i]! + scale * z;
    }
  }
}

/** Where the ReLU of a neuron bends on one input with a bias: x = −w₂/w₁; NaN where it does not. */
export function kinkOf(network: NetworkWeights, neuron: number): number {
  const w = network.unitIn[2 * neuron]!;
  return w === 0 ? NaN : -network.unitIn[2 * neuron + 1]! / w;
}

/** Σ_j ‖a_j‖‖w_j‖. */
export function variationNorm(network: NetworkWeights): number {
  let sum = 0;
  for (let j = 0; j < network.neurons; j++) {
    sum += Math.exp(network.logIn[j]! + network.logOut[j]!);
  }

  return sum;
}

/** ln Σ_j (‖w_j‖² + ‖a_j‖²), also where the sum itself underflows; −∞ where all vanish. */
export function logSquaredNorm({ logIn, logOut }: NetworkWeights): number {
  const largest = [logIn, logOut].reduce((most, logs) => logs.reduce((a, b) => Math.max(a, b), most), -Infinity);
  let sum = 0;
  for (const logs of [logIn, logOut]) {
    for (const log of logs) {
      sum += Math.exp(2 * (log - largest));
    }
  }

  return 2 * largest + Math.log(sum);
}

/** The kinks that are seen at the end: neurons with at least `share` of the largest product, kinks of one sign within `apart` (of their size, where that is above one) counted once, as the kink of the neurons' sum. */
export function distinctKinks(frame: Frame, share = 0.01, apart = 0.02): { position: number; sign: number }[] {
  let largest = -Infinity;
  for (let j = 0; j < frame.neurons; j++) {
    largest = Math.max(largest, logProduct(frame, j));
  }

  const seen = Array.from({ length: frame.neurons }, (_, j) => ({ neuron: j, position: kinkOf(frame, j), sign: signOf(frame, j) as number, weight: Math.exp(logProduct(frame, j) - largest) }))
    .filter(({ position, weight }) => Number.isFinite(position) && weight >= share)
    .sort((a, b) => a.sign - b.sign || a.position - b.position);
  const groups: { sign: number; last: number; w: [number, number] }[] = [];
  for (const { neuron, position, sign, weight } of seen) {
    let group = groups.at(-1);
    if (!group || group.sign !== sign || position - group.last > apart * Math.max(1, Math.abs(position))) {
      group = { sign, last: position, w: [0, 0] };
      groups.push(group);
    }

    group.last = position;
    group.w[0] += weight * frame.unitIn[2 * neuron]!;
    group.w[1] += weight * frame.unitIn[2 * neuron + 1]!;
  }

  return groups.map(({ sign, w }) => ({ position: -w[1] / w[0], sign }));
}
