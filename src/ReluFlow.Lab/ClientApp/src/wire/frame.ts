const MAGIC = 0x314c4652;
const HEADER = 8 * 4 + 4 * 8 + 2 * 4;
const LAST = 1;
const IN_PLANE = 2;

// How many bits of a byte are set.
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

// Lengths of this size or more are no frame but a damaged one.
const LONGEST = 1 << 28;

/** A network at one time as the server sends it: true weights are e^log times the unit directions. */
export interface Frame {
  request: number;
  index: number;
  /** m, the coordinates of a direction, c and n. */
  neurons: number;
  coordinates: number;
  outputs: number;
  samples: number;
  isLast: boolean;
  /** Whether directions are two coordinates in the plane of the server's choice. */
  inPlane: boolean;
  time: number;
  loss: number;
  squaredNorm: number;
  gradientNorm: number;
  /** −1 where it is not known. */
  clusters: number;
  effectiveWidth: number;
  /** ln ‖w_j‖ and ln ‖a_j‖, length m; −∞ where it vanishes. */
  logIn: Float32Array;
  logOut: Float32Array;
  /** w_j/‖w_j‖, m × coordinates, and a_j/‖a_j‖, m × c, row-major. */
  unitIn: Float32Array;
  unitOut: Float32Array;
  /** m rows of ⌈n/8⌉ bytes; bit k of row j is the gate of neuron j on sample k. */
  gates: Uint8Array;
  /** All of it as it came. */
  buffer: ArrayBuffer;
}

/** Reads a frame without copying its arrays. Throws a RangeError that says what is wrong. */
export function decodeFrame(buffer: ArrayBuffer): Frame {
  if (buffer.byteLength < HEADER) {
    throw new RangeError(`a frame of ${buffer.byteLength} bytes is shorter than its header of ${HEADER}`);
  }

  const view = new DataView(buffer);
  const word = (i: number) => view.getUint32(4 * i, true);
  const real = (i: number) => view.getFloat64(32 + 8 * i, true);
  if (word(0) !== MAGIC) {
    throw new RangeError("the frame does not begin with RFL1");
  }

  const [neurons, given, outputs, samples, flags] = [word(3), word(4), word(5), word(6), word(7)];
  const inPlane = (flags & IN_PLANE) !== 0;
  const coordinates = inPlane ? 2 : given;
  const rowBytes = Math.ceil(samples / 8);
  const floats = neurons * (2 + coordinates + outputs);
  const length = HEADER + 4 * floats + neurons * rowBytes;
  if (length > LONGEST || buffer.byteLength !== length) {
    throw new RangeError(`a frame of ${neurons} neurons and ${samples} samples has ${buffer.byteLength} bytes, expected ${length}`);
  }

  let at = HEADER;
  const take = (count: number) => {
    const part = new Float32Array(buffer, at, count);
    at += 4 * count;
    return part;
  };
  return {
    request: word(1), index: word(2), neurons, coordinates, outputs, samples, inPlane,
    isLast: (flags & LAST) !== 0,
    time: real(0), loss: real(1), squaredNorm: real(2), gradientNorm: real(3),
    clusters: view.getInt32(64, true), effectiveWidth: view.getInt32(68, true),
    logIn: take(neurons), logOut: take(neurons), unitIn: take(neurons * coordinates), unitOut: take(neurons * outputs),
    gates: new Uint8Array(buffer, at, neurons * rowBytes),
    buffer,
  };
}

/** The bytes of a neuron's gates. */
export function rowBytes(frame: Frame): number {
  return Math.ceil(frame.samples / 8);
}

/** Whether neuron j is active on sample k. */
export function isOpen(frame: Frame, neuron: number, sample: number): boolean {
  return ((frame.gates[neuron * rowBytes(frame) + (sample >> 3)]! >> (sample & 7)) & 1) === 1;
}

/** On how many samples a neuron is active. */
export function openGates(frame: Frame, neuron: number): number {
  const row = rowBytes(frame);
  let count = 0;
  for (let i = neuron * row; i < (neuron + 1) * row; i++) {
    count += ONES[frame.gates[i]!]!;
  }

  return count;
}

/** Whether a neuron is active on any sample. */
export function isActive(frame: Frame, neuron: number): boolean {
  const row = rowBytes(frame);
  for (let i = neuron * row; i < (neuron + 1) * row; i++) {
    if (frame.gates[i] !== 0) {
      return true;
    }
  }

  return false;
}

/** The sign of a neuron's outgoing weight; 0 where there are several outputs or none. */
export function signOf(frame: Frame, neuron: number): -1 | 0 | 1 {
  return frame.outputs === 1 ? (Math.sign(frame.unitOut[neuron]!) as -1 | 0 | 1) : 0;
}

/** ln ‖a_j‖‖w_j‖; −∞ where the neuron vanishes. */
export function logProduct(frame: Frame, neuron: number): number {
  return frame.logIn[neuron]! + frame.logOut[neuron]!;
}
