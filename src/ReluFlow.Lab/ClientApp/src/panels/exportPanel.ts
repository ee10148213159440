import { download, element, setText } from "../dom";
import type { Lab } from "../lab";
import { difference } from "../model/experiment";
import { numberText } from "../model/numberText";
import type { Api } from "../wire/api";

/** Taking it away: the run as a directory, its spec, the command, the address; and the run to compare with. */
export class ExportPanel {
  private readonly command = element("input", { id: "command", type: "text", readonly: true });
  private readonly yaml = element("pre", { tabindex: 0, "aria-label": "Experiment spec" });
  private readonly zip = element("button", { type: "button", click: () => void this.save() }, "Download the run (zip)");
  private readonly compared = element("p", { class: "note" });
  private readonly forget = element("button", { type: "button", click: () => this.lab.comparison.stop() }, "Stop comparing");
  private readonly note = element("p", { class: "note" });
  private readonly extend = element("button", { type: "button", click: () => this.lab.ask({ time: this.timeBeyond(this.firstJump) }) });

  constructor(
    place: HTMLElement,
    private readonly lab: Lab,
    private readonly api: Api,
    address: () => string,
  ) {
    const copy = (words: string, text: () => string) => element("button", { type: "button", click: () => void this.copy(text()) }, words);
    place.append(
      element("h2", {}, "Theory and comparison"),
      this.note, this.extend, this.compared, this.forget,
      element("h2", {}, "Take it away"),
      element("div", { class: "buttons" }, this.zip, copy("Copy the address", address)),
      element("p", { class: "note" }, "The zip holds experiment.yaml, the samples and the start; in its folder, run:"),
      element("div", { class: "field wide" }, element("label", { for: "command" }, "Command"), this.command),
      element("div", { class: "buttons" }, copy("Copy the command", () => this.command.value)),
      element("details", {}, element("summary", {}, "experiment.yaml"), this.yaml),
    );
    this.update();
  }

  update(): void {
    const { run, previous } = this.lab;
    this.command.value = run.prepared?.command ?? "";
    setText(this.yaml, run.prepared?.yaml ?? "");
    this.zip.disabled = run.id === undefined || !run.finished;
    setText(this.compared, previous ? `Grey: the run before (${difference(previous.experiment, run.experiment)}).` : "Change something, and the run before stays in grey to compare with.");
    this.forget.hidden = !previous;
    setText(this.note, this.theoryWords());
    const { firstJump } = this;
    this.extend.hidden = !(firstJump > run.experiment.time);
    setText(this.extend, `The first jump is predicted at t ≈ ${numberText(firstJump, 3)}: extend to t = ${numberText(this.timeBeyond(firstJump))}`);
  }

  private get firstJump(): number {
    return this.lab.run.theory.saddles?.[0]?.time ?? NaN;
  }

  // A jump takes its time, and comes later than its limit says where λ is not small.
  private timeBeyond(jump: number): number {
    return Number((1.5 * jump).toPrecision(2));
  }

  private theoryWords(): string {
    const { prepared, theory } = this.lab.run;
    if (!prepared) {
      return "Theory is being asked.";
    }

    const kinds = new Set(theory.saddles?.map(({ kind }) => kind));
    const basis = kinds.has("theorem") ? "Blue: plateaus and jump times by the theorem for orthogonal inputs, with the correction of order one to ln(1/λ)/‖D‖."
      : kinds.size > 0 ? "Blue: plateaus and jump times of the λ → 0 process, a working definition of ours beyond orthogonal inputs." : "";
    const waiting = prepared.complete === false ? "More of it is being computed." : "";
    return [basis, sentence(theory.note ?? ""), waiting].filter((words) => words !== "").join(" ") || "Theory predicts nothing for this experiment.";
  }

  private async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.lab.say("Copied.");
    } catch {
      this.lab.say(`The browser does not let the page copy: ${text}`);
    }
  }

  private async save(): Promise<void> {
    try {
      download("reluflow-run.zip", await this.api.exported(this.lab.run.id!));
    } catch (error) {
      this.lab.say(`The run cannot be downloaded: ${(error as Error).message}`);
    }
  }
}

function sentence(words: string): string {
  return words === "" ? "" : `${words[0]!.toUpperCase()}${words.slice(1)}.`;
}
