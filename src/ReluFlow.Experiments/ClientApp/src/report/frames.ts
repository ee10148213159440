import { bytes } from "./bytes";
import { Cosines, Race, type PackedCosines, type PackedRace } from "./keyframes";

/** What the page knows of every saved time, as the program writes it. */
export interface PackedFrames {
  times: number[];
  losses: number[];
  rings: string[];
  logScale?: number;
  signNames: string[];
  neurons: number;
  places: string;
  signs: string;
  grid?: number[];
  values?: string;
  race?: PackedRace;
  cosines?: PackedCosines;
}

export interface Neuron {
  x: number;
  y: number;
  sign: string;
}

/** The saved times of a run: neurons in the plane, and f on a grid where there is a picture of it. */
export class Frames {
  private constructor(
    private readonly packed: PackedFrames,
    private readonly places: Float32Array,
    private readonly signs: Uint8Array,
    private readonly values: Float32Array | undefined,
    private readonly moving: readonly { rows(frame: number): Record<string, object[]> }[],
  ) {}

  static async unpack(packed: PackedFrames): Promise<Frames> {
    const [places, signs, values, race, cosines] = await Promise.all([
      bytes(packed.places),
      bytes(packed.signs),
      packed.values === undefined ? undefined : bytes(packed.values),
      packed.race && Race.unpack(packed.race),
      packed.cosines && Cosines.unpack(packed.cosines),
    ]);
    const moving = [race, cosines].filter((part) => part !== undefined);
    return new Frames(packed, new Float32Array(places), new Uint8Array(signs), values && new Float32Array(values), moving);
  }

  get count(): number {
    return this.packed.times.length;
  }

  time(frame: number): number {
    return this.packed.times[frame] ?? 0;
  }

  loss(frame: number): number {
    return this.packed.losses[frame] ?? 0;
  }

  ring(frame: number): string {
    return this.packed.rings[frame] ?? "";
  }

  /** Where the cursor of each kind of time axis stands. */
  cursor(frame: number): object[] {
    const t = this.time(frame);
    return [{ t, log10t: t > 0 ? Math.log10(t) : null, tau: this.packed.logScale === undefined ? null : t / this.packed.logScale }];
  }

  /** The neurons in the plane; those without an angle in its middle. */
  neurons(frame: number): Neuron[] {
    return this.polar(frame).map(({ angle, norm, sign }) => (Number.isNaN(angle) ? { x: 0, y: 0, sign } : { x: norm * Math.cos(angle), y: norm * Math.sin(angle), sign }));
  }

  /** The neurons of a function of one input with a bias: kink at −tan of the angle, however small the norm, height the norm with the sign of the outgoing weight. */
  kinks(frame: number, low: number, high: number): object[] {
    return this.polar(frame)
      .map(({ angle, norm, sign }) => ({ x: -Math.tan(angle), height: norm * (sign.includes(">") ? 1 : sign.includes("<") ? -1 : 0), sign }))
      .filter(({ x }) => x >= low && x <= high);
  }

  /** f at one time; empty where there is no picture of it. */
  curve(frame: number): { x: number; f: number }[] {
    const grid = this.packed.grid ?? [];
    return grid.map((x, i) => ({ x, f: this.values?.[frame * grid.length + i] ?? 0 }));
  }

  /** The rows of what moves at some frames only. */
  others(frame: number): Record<string, object[]> {
    return Object.assign({}, ...this.moving.map((part) => part.rows(frame))) as Record<string, object[]>;
  }

  get grid(): number[] {
    return this.packed.grid ?? [];
  }

  private polar(frame: number): { angle: number; norm: number; sign: string }[] {
    const first = frame * this.packed.neurons;
    return Array.from({ length: this.packed.neurons }, (_, j) => ({
      angle: this.places[2 * (first + j)] ?? NaN,
      norm: this.places[2 * (first + j) + 1] ?? 0,
      sign: this.packed.signNames[this.signs[first + j] ?? 0] ?? "",
    }));
  }
}
