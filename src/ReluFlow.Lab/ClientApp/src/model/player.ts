import type { Run } from "./run";

// A whole run in this time at speed 1.
const SECONDS_TO_PLAY = 12;

/** The cursor in time: which saved time is looked at, and whether it moves. */
export class Player {
  playing = false;
  speed = 1;
  private position = 0;
  private target: number | undefined;
  private until: number | undefined;

  constructor(private run: Run) {}

  /** Which frame is looked at. */
  get index(): number {
    return Math.max(0, Math.min(this.run.frames.length - 1, Math.floor(this.position)));
  }

  /** The frame that the cursor goes to as soon as it has come. */
  get awaited(): number | undefined {
    return this.target !== undefined && this.target >= 0 ? this.target : undefined;
  }

  /** Whether the cursor is at the end of a run that has ended. */
  get isEnd(): boolean {
    return this.run.finished !== undefined && this.run.frames.length > 0 && this.index === this.run.frames.length - 1;
  }

  /** Follows another run from its start, or to a frame once it has come; −1 is the last one. */
  follow(run: Run, playing: boolean, target?: number): void {
    this.run = run;
    this.position = 0;
    this.until = undefined;
    this.playing = playing;
    this.target = target;
  }

  /** Lets time pass; says whether the cursor moved. */
  advance(seconds: number): boolean {
    const before = this.index;
    const { frames, finished } = this.run;
    const last = frames.length - 1;
    if (this.target !== undefined && (this.target >= 0 && this.target <= last || finished)) {
      this.position = this.target < 0 ? last : Math.min(last, this.target);
      this.target = undefined;
      return true;
    }

    if (this.playing && last >= 0) {
      const stop = this.until ?? Infinity;
      const expected = Math.max(2, finished ? frames.length : this.run.experiment.saves) - 1;
      this.position = Math.min(last, this.position + (seconds * this.speed * expected) / SECONDS_TO_PLAY);
      if (frames[this.index]!.time >= stop || (finished && this.position >= last)) {
        this.playing = false;
        this.until = undefined;
        return true;
      }
    }

    return this.index !== before;
  }

  /** Plays on, from the start where it is at the end. */
  play(): void {
    if (this.isEnd) {
      this.position = 0;
    }

    this.until = undefined;
    this.target = undefined;
    this.playing = true;
  }

  /** Plays up to a time and stops there; goes back to it where it is past. */
  playUntil(time: number): void {
    const frame = this.run.frames[this.index];
    if (frame && frame.time >= time) {
      this.moveTo(this.run.indexAt(time));
    } else {
      this.play();
      this.until = time;
    }
  }

  pause(): void {
    this.playing = false;
    this.until = undefined;
  }

  moveTo(index: number): void {
    this.pause();
    this.target = undefined;
    this.position = Math.max(0, Math.min(this.run.frames.length - 1, index));
  }
}
