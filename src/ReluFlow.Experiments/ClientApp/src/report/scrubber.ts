import type { Frames } from "./frames";

// The whole run in this time, however many points it has.
const SECONDS_TO_PLAY = 10;

/** A slider over the saved times with a button that plays them. */
export class Scrubber {
  private readonly slider = document.createElement("input");
  private readonly button = document.createElement("button");
  private readonly reading = document.createElement("output");
  private playing = false;

  constructor(
    element: HTMLElement,
    private readonly frames: Frames,
    private readonly show: (frame: number) => Promise<void>,
  ) {
    this.slider.type = "range";
    this.slider.min = "0";
    this.slider.max = String(frames.count - 1);
    this.slider.step = "1";
    this.slider.value = this.slider.max;
    this.slider.setAttribute("aria-label", "time");
    this.button.type = "button";
    this.slider.addEventListener("input", () => {
      this.setPlaying(false);
      void this.moveTo(Number(this.slider.value));
    });
    this.button.addEventListener("click", () => this.setPlaying(!this.playing));
    element.append(this.button, this.slider, this.reading);
    element.hidden = frames.count < 2;
    this.setPlaying(false);
    this.read(frames.count - 1);
  }

  private async moveTo(frame: number): Promise<void> {
    this.slider.value = String(frame);
    this.read(frame);
    await this.show(frame);
  }

  private read(frame: number): void {
    const words = `t = ${number(this.frames.time(frame))}, L = ${number(this.frames.loss(frame))}`;
    this.reading.textContent = words;
    this.slider.setAttribute("aria-valuetext", words);
  }

  private setPlaying(playing: boolean): void {
    const begins = playing && !this.playing;
    this.playing = playing;
    this.button.textContent = playing ? "❚❚ Pause" : "▶ Play";
    this.button.setAttribute("aria-pressed", String(playing));
    if (begins) {
      void this.play();
    }
  }

  private async play(): Promise<void> {
    const last = this.frames.count - 1;
    const first = Number(this.slider.value) >= last ? 0 : Number(this.slider.value);
    const begin = performance.now();
    const framesPerMillisecond = last / (1000 * SECONDS_TO_PLAY);
    while (this.playing) {
      const frame = Math.min(last, Math.floor(first + (performance.now() - begin) * framesPerMillisecond));
      await this.moveTo(frame);
      if (frame === last) {
        this.setPlaying(false);
      }

      await new Promise(requestAnimationFrame);
    }
  }
}

function number(value: number): string {
  return value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6) ? String(Number(value.toPrecision(5))) : value.toExponential(2);
}
