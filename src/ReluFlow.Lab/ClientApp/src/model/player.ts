import type { Run } from "./run";

// A whole run in this time at speed 1.
const SECONDS_TO_PLAY = 12;

/** The cursor in time: which saved time is looked at, and whether it moves. */
export class Player {
  playing = false;
  speed = 1;
  private position = 0;
  private target: number | undefined;
  private until = Infinity;

  /** @param pauses Times at which playing pauses, in order. */
  constructor(
    private run: Run,
    private readonly pauses: () => readonly number[] = () => [],
  ) {}

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
    this.playing = playing;
    this.target = target;
    this.until = this.nextPause;
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
      const end = this.run.reached(this.until);
      const expected = Math.max(2, finished ? frames.length : this.run.experiment.saves) - 1;
      this.position = Math.min(end ?? last, this.position + (seconds * this.speed * expected) / SECONDS_TO_PLAY);
      if (this.position === end) {
        this.playing = false;
        return true;
      }
    }

    return this.index !== before;
  }

  /** Plays on to the next pause, from the start where it is at the end. */
  play(): void {
    if (this.isEnd) {
      this.position = 0;
    }

    this.playUntil(this.nextPause);
  }

  /** Plays on to the next pause; where it plays already, the cursor is there as soon as its frame has come. */
  next(): void {
    if (this.playing) {
      this.goTo(this.until);
    } else {
      this.play();
    }
  }

  /** Goes to a time at once, or plays up to it where its frame has not come. */
  goTo(time: number): void {
    const index = this.run.reached(time);
    if (index === undefined) {
      this.playUntil(time);
    } else {
      this.moveTo(index);
    }
  }

  pause(): void {
    this.playing = false;
  }

  moveTo(index: number): void {
    this.pause();
    this.target = undefined;
    this.position = Math.max(0, Math.min(this.run.frames.length - 1, index));
  }

  /** The first pause after what is looked at; infinite where none is left. */
  get nextPause(): number {
    return this.pauses().find((time) => (this.run.reached(time) ?? Infinity) > this.index) ?? Infinity;
  }

  private playUntil(time: number): void {
    this.until = time;
    this.target = undefined;
    this.playing = true;
  }
}
