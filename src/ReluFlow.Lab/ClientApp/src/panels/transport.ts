import { element, setText } from "../dom";
import type { Lab } from "../lab";
import { numberText } from "../model/numberText";

const SPEEDS = [0.125, 0.25, 0.5, 1, 2, 4, 8];

/** Run, pause, step, rewind and the time cursor. */
export class Transport {
  private readonly play = element("button", { type: "button", class: "main" });
  private readonly again = element("button", { type: "button" });
  private readonly slider = element("input", { type: "range", min: 0, step: 1, "aria-label": "Time" });
  private readonly reading = element("output", { for: "time" });
  private readonly speed = element("select", { "aria-label": "Speed" }, ...SPEEDS.map((value) => element("option", { value }, `${value}×`)));

  constructor(
    place: HTMLElement,
    private readonly lab: Lab,
  ) {
    const { player } = lab;
    const button = (words: string, label: string, act: () => void) => element("button", { type: "button", "aria-label": label, title: label, click: act }, words);
    this.play.addEventListener("click", () => {
      if (player.playing) {
        player.pause();
      } else {
        player.play();
      }

      lab.settle();
    });
    this.again.addEventListener("click", () => (lab.isComputing ? lab.stop() : lab.runNow()));
    this.slider.addEventListener("input", () => this.moveTo(Number(this.slider.value)));
    this.speed.addEventListener("change", () => {
      player.speed = Number(this.speed.value);
      lab.settle();
    });
    const automatic = element("input", { type: "checkbox", checked: true });
    automatic.addEventListener("change", () => (lab.runsAtOnce = automatic.checked));
    place.append(
      button("|◀", "Rewind to the start", () => this.moveTo(0)),
      button("−1", "One saved time back", () => this.moveTo(player.index - 1)),
      this.play,
      button("+1", "One saved time on", () => this.moveTo(player.index + 1)),
      this.slider, this.reading, this.speed, this.again,
      element("label", { class: "check" }, automatic, "run at each change"),
    );
    this.slider.id = "time";
    this.update();
  }

  update(): void {
    const { lab } = this;
    const { player, run, frame } = lab;
    setText(this.play, player.playing ? "❚❚ Pause" : "▶ Play");
    setText(this.again, lab.isComputing ? "Stop" : run.request < 0 ? "Run" : "Run again");
    this.again.title = lab.isComputing ? "Stop computing and keep what has come" : "Compute from the same start";
    this.slider.max = String(Math.max(1, (run.finished ? run.frames.length : Math.max(run.frames.length, run.experiment.saves)) - 1));
    this.slider.value = String(player.index);
    this.speed.value = String(player.speed);
    const words = frame ? `t = ${numberText(frame.time)}, L = ${numberText(frame.loss)}` : "no run yet";
    setText(this.reading, words);
    this.slider.setAttribute("aria-valuetext", words);
  }

  private moveTo(index: number): void {
    this.lab.player.moveTo(index);
    this.lab.settle();
  }
}
