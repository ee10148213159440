import { element, setText } from "../dom";
import type { Lab } from "../lab";
import { kinkOf } from "../model/network";
import { exponentialText, numberText } from "../model/numberText";
import { parseNeurons } from "../model/neuronList";
import { FailureNote } from "./failureNote";
import { logProduct, openGates, signOf, type Frame } from "../wire/frame";

const MOST_ROWS = 25;

// The table is for reading: while time runs it follows a few times a second.
const MILLISECONDS_BETWEEN = 250;

/** The neurons one by one: the line of the one under the pointer, a table of the largest, and merging and pruning of those that are marked. */
export class LedgerPanel {
  private readonly line = element("p", { class: "line" });
  private readonly marked = element("input", { id: "marked", type: "text", autocomplete: "off", placeholder: "such as 0-4, 17" });
  private readonly wrong = new FailureNote(this.marked);
  private wrongOver: Set<number> | undefined;
  private readonly merge = element("button", { type: "button", click: () => this.lab.reductions.ask(false) }, "Merge marked");
  private readonly prune = element("button", { type: "button", click: () => this.lab.reductions.ask(true) }, "Prune marked");
  private readonly result = element("p", { class: "result", role: "status" });
  private readonly drop = element("button", { type: "button", hidden: true, click: () => this.lab.reductions.forget() }, "Forget it");
  private readonly rows = element("tbody");
  private readonly table = element("details", {}, element("summary", {}, `The ${MOST_ROWS} largest neurons`));
  private last = 0;
  private later: number | undefined;

  constructor(
    place: HTMLElement,
    private readonly lab: Lab,
  ) {
    this.marked.addEventListener("change", () => {
      try {
        lab.select(parseNeurons(this.marked.value, lab.run.experiment.width));
      } catch (error) {
        this.wrongOver = lab.selected;
        this.wrong.say((error as Error).message);
      }
    });
    const button = (words: string, act: () => void) => element("button", { type: "button", click: act }, words);
    const head = ["", "j", "sign", "‖a‖‖w‖", "kink", "active", "state", "growth", "angle", "cluster"];
    this.table.append(element("div", { class: "scroll" }, element("table", {}, element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)))), this.rows)));
    this.table.addEventListener("toggle", () => this.update());
    place.append(
      element("h2", {}, "Neurons"), this.line,
      element("div", { class: "buttons" },
        element("label", { for: "marked" }, "Marked"), this.marked,
        button("Mark its cluster", () => this.markCluster()), button("Mark none", () => lab.select([])), this.merge, this.prune,
      ),
      this.wrong.place,
      element("div", { class: "buttons" }, this.result, this.drop), this.table,
    );
  }

  update(): void {
    const { lab } = this;
    const { hovered, frame, selected, reduced } = lab;
    const shown = hovered ?? [...selected].at(-1);
    setText(this.line, frame && shown !== undefined && shown < frame.neurons ? this.describe(frame, shown) : "Point at a neuron to read its line; click to mark it.");
    const list = [...selected].sort((a, b) => a - b).join(", ");
    const isWrong = this.wrongOver === selected;
    if (!isWrong) {
      this.wrong.say();
    }

    if (document.activeElement !== this.marked && !isWrong) {
      this.marked.value = list;
    }

    const ready = selected.size > 0 && lab.run.finished !== undefined && !lab.player.playing;
    this.merge.disabled = !ready || selected.size < 2;
    this.prune.disabled = !ready;
    this.drop.hidden = !reduced;
    setText(this.result, reduced
      ? `${reduced.words}: the width is ${reduced.answer.width}, training outputs change by ${numberText(reduced.answer.change)} (bound ${numberText(reduced.answer.bound)}), L = ${reduced.answer.loss === null ? "not finite" : numberText(reduced.answer.loss)}. The new function is dashed.`
      : "");
    this.updateRows();
  }

  private updateRows(): void {
    if (!this.table.open) {
      return;
    }

    const wait = this.last + MILLISECONDS_BETWEEN - performance.now();
    if (wait > 0) {
      this.later ??= setTimeout(() => {
        this.later = undefined;
        this.updateRows();
      }, wait);
      return;
    }

    this.last = performance.now();
    const { frame, selected } = this.lab;
    const keep = document.activeElement?.id;
    const order = frame ? Array.from({ length: frame.neurons }, (_, j) => j).sort((a, b) => logProduct(frame, b) - logProduct(frame, a)).slice(0, MOST_ROWS) : [];
    this.rows.replaceChildren(...order.map((j) => {
      const mark = element("input", { type: "checkbox", id: `neuron-${j}`, checked: selected.has(j), "aria-label": `Mark neuron ${j}`, change: () => this.lab.toggle(j) });
      const row = element("tr", {}, element("td", {}, mark), ...this.cells(frame!, j).map((text) => element("td", {}, text)));
      row.addEventListener("pointerenter", () => this.lab.hover(j));
      row.addEventListener("focusin", () => this.lab.hover(j));
      return row;
    }));
    if (keep?.startsWith("neuron-")) {
      document.getElementById(keep)?.focus();
    }
  }

  private cells(frame: Frame, j: number): string[] {
    const line = this.lineOf(frame, j);
    const number = (value: number | null | undefined, digits = 3) => (value === null || value === undefined ? "–" : numberText(value, digits));
    return [
      String(j), signText(frame, j), exponentialText(logProduct(frame, j)), this.kink(frame, j) ?? "–", `${openGates(frame, j)}/${frame.samples}`,
      line?.state ? stateText(line.state) : "–", number(line?.growthRate), number(line?.angle), line?.cluster === null || line?.cluster === undefined ? "–" : String(line.cluster),
    ];
  }

  private describe(frame: Frame, j: number): string {
    const line = this.lineOf(frame, j);
    const kink = this.kink(frame, j);
    const parts = [
      `neuron ${j} (${signText(frame, j)})`,
      `‖w‖ = ${exponentialText(frame.logIn[j]!)}`, `‖a‖ = ${exponentialText(frame.logOut[j]!)}`,
      ...(kink ? [`kink at x = ${kink}`] : []),
      `active on ${openGates(frame, j)} of ${frame.samples}`,
    ];
    if (line) {
      parts.push(...[
        ...(line.state ? [stateText(line.state)] : []),
        ...(typeof line.pull === "number" ? [`pull ${numberText(line.pull, 3)}`] : []),
        ...(typeof line.growthRate === "number" ? [`growth rate ${numberText(line.growthRate, 3)}`] : []),
        ...(typeof line.angle === "number" ? [`${numberText(line.angle, 3)} rad from its target`] : []),
        ...(typeof line.logHeadStart === "number" ? [`head start ${numberText(line.logHeadStart, 4)}`] : []),
        ...(typeof line.cluster === "number" ? [`cluster ${line.cluster}`] : []),
      ]);
    }

    return parts.join(" · ");
  }

  // The server's line is of the time that it was asked about.
  private lineOf(frame: Frame, j: number) {
    const { ledger, frames } = this.lab.run;
    return ledger && (ledger.frame ?? frames.length - 1) === frame.index ? ledger.neurons[j] : undefined;
  }

  private kink(frame: Frame, j: number): string | undefined {
    const at = frame.coordinates === 2 && this.lab.run.experiment.bias ? kinkOf(frame, j) : NaN;
    return Number.isFinite(at) ? numberText(at) : undefined;
  }

  private markCluster(): void {
    const { lab } = this;
    const chosen = lab.hovered ?? [...lab.selected].at(-1);
    const cluster = chosen === undefined ? undefined : lab.run.ledger?.clusters.find(({ members }) => members.includes(chosen));
    if (cluster) {
      lab.select(cluster.members);
    } else {
      lab.say("Mark a neuron first, with time standing still after a finished run: its cluster is then known.");
    }
  }
}

function signText(frame: Frame, j: number): string {
  return ["−", "0", "+"][signOf(frame, j) + 1]!;
}

function stateText(state: string): string {
  return state.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}
