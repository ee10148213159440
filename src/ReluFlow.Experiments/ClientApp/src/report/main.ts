import "./report.css";
import { Figure } from "../plot/figure";
import type { Specification } from "../plot/specification";
import type { Theme } from "../plot/theme";
import { Frames, type PackedFrames } from "./frames";
import { addSaving } from "./save";
import { Scrubber } from "./scrubber";
import { makeSortable } from "./tables";

interface Report {
  figures: { name: string; specification: Specification }[];
  frames?: PackedFrames;
  dark: Theme;
}

const LIGHT: Theme = {};

void start();

async function start(): Promise<void> {
  document.querySelectorAll<HTMLTableElement>("table.sortable").forEach(makeSortable);
  const report = JSON.parse(document.getElementById("report-data")!.textContent!) as Report;
  const figures = report.figures.map(({ name, specification }) => {
    const element = document.getElementById(`figure-${name}`)!;
    const figure = new Figure(name, specification, element.querySelector<HTMLElement>(".plot")!);
    addSaving(figure, element);
    return figure;
  });
  await followTheme(report.dark, (theme) => Promise.all(figures.map((figure) => figure.draw(theme))));
  if (report.frames) {
    addScrubber(await Frames.unpack(report.frames), figures);
  }

  document.documentElement.dataset["ready"] = "true";
}

function addScrubber(frames: Frames, figures: Figure[]): void {
  const low = frames.grid[0] ?? 0;
  const high = frames.grid.at(-1) ?? 0;
  new Scrubber(document.getElementById("scrubber")!, frames, async (frame) => {
    const ring = frames.ring(frame);
    const time = `t = ${Number(frames.time(frame).toPrecision(4))}`;
    const rows = {
      cursor: frames.cursor(frame),
      neurons: frames.neurons(frame),
      ring: [{ x: 0, y: 1, text: ring }],
      function: frames.curve(frame),
      kinks: frames.kinks(frame, low, high),
      note: [{ text: `${time},  max ${ring}` }],
      "directions-note": [{ text: time }],
      ...frames.others(frame),
    };
    await Promise.all(figures.map((figure) => figure.exchange(rows, frame === frames.count - 1 ? undefined : time)));
  });
}

// Paper is white whatever the screen is.
async function followTheme(dark: Theme, draw: (theme: Theme) => Promise<unknown>): Promise<void> {
  const screen = matchMedia("(prefers-color-scheme: dark)");
  const current = () => (screen.matches ? dark : LIGHT);
  screen.addEventListener("change", () => void draw(current()));
  addEventListener("beforeprint", () => void draw(LIGHT));
  addEventListener("afterprint", () => void draw(current()));
  await draw(current());
}
