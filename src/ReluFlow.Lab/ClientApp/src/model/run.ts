import type { Frame } from "../wire/frame";
import type { Finished, Ledger, Prepared, Theory } from "../wire/messages";
import type { Builtin } from "../wire/api";
import type { Experiment, Points } from "./experiment";
import { planeOf, type Plane } from "./plane";

// Frames beyond it are left with the server.
const MOST_BYTES = 256 * 2 ** 20;

/** One run of an experiment: what theory says of it and the frames that have come. */
export class Run {
  readonly frames: Frame[] = [];
  prepared: Prepared | undefined;
  request = -1;
  id: string | undefined;
  finished: Finished | undefined;
  ledger: Ledger | undefined;
  /** ln ‖∇L‖ of each frame, once the server has told it. */
  logGradients: (number | null)[] | undefined;
  /** Whether the server refused it. */
  failed = false;
  private samples: Points | undefined;
  private bytes = 0;
  private plane: Plane | undefined;
  private planeOfFrames = 0;

  constructor(readonly experiment: Experiment) {}

  get theory(): Theory {
    return this.prepared?.theory ?? {};
  }

  get last(): Frame | undefined {
    return this.frames.at(-1);
  }

  /** The samples as far as they are known; the same object as long as they are the same. */
  points(builtins: readonly Builtin[]): Points | undefined {
    this.samples ??= this.findPoints(builtins);
    return this.samples;
  }

  /** The time to which time axes go. */
  get horizon(): number {
    return Math.max(this.finished || this.prepared === undefined ? 0 : this.experiment.time, this.last?.time ?? 0) || this.experiment.time;
  }

  /** The first positive time of logarithmic axes. */
  get firstTime(): number {
    return this.frames[1]?.time || this.experiment.time * 1e-4;
  }

  /** Whether there is room for no more frames. */
  get isFull(): boolean {
    return this.bytes >= MOST_BYTES;
  }

  /** Keeps a frame; one that comes again, as the last, takes the place of the one before. */
  add(frame: Frame): void {
    this.frames[Math.min(frame.index, this.frames.length)] = frame;
    this.bytes += frame.buffer.byteLength;
  }

  /** The index of the last frame at or before a time. */
  indexAt(time: number): number {
    let [low, high] = [0, this.frames.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.frames[middle]!.time <= time) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }

    return Math.max(0, low);
  }

  /** The index of the frame that stands for a time, once no later one can: the last at or before it, at most the last of a run that has ended. */
  reached(time: number): number | undefined {
    const { last } = this;
    return last && (this.finished || last.time >= time) ? this.indexAt(time) : undefined;
  }

  /** The frame that stands for a time, as `reached` has it. */
  frameAt(time: number): Frame | undefined {
    const index = this.reached(time);
    return index === undefined ? undefined : this.frames[index];
  }

  /** The plane of the last frame so far. */
  currentPlane(): Plane | undefined {
    if (this.last && this.planeOfFrames !== this.frames.length) {
      this.plane = planeOf(this.last, this.plane);
      this.planeOfFrames = this.frames.length;
    }

    return this.plane;
  }

  /** A text that changes with whatever a picture of the whole run shows. */
  get revision(): string {
    return `${this.request}:${this.frames.length}:${this.finished ? 1 : 0}:${this.prepared?.request ?? 0}${this.prepared?.complete ?? ""}`;
  }

  private findPoints(builtins: readonly Builtin[]): Points | undefined {
    const { data } = this.experiment;
    if ("points" in data) {
      return data.points;
    }

    const known = "builtin" in data ? builtins.find(({ name }) => name === data.builtin) : undefined;
    const { inputs, targets } = this.prepared?.inputs ? this.prepared : (known ?? {});
    return inputs && targets ? { inputs, targets } : undefined;
  }
}
