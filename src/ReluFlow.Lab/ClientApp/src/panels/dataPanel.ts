import { download, element, setText } from "../dom";
import type { Lab } from "../lab";
import { settingsFor } from "../model/settings";
import { isEditable } from "../model/samples";
import type { DataChoice } from "../model/experiment";
import type { Api, Builtin } from "../wire/api";
import { numberIn } from "../model/numberInput";
import { FailureNote } from "./failureNote";
import { GeneratorFields } from "./generatorFields";
import { PointTable } from "./pointTable";

/** Where the samples come from: sets by name, generators, files and pasted text, points by hand. */
export class DataPanel {
  private readonly source = element("select", { id: "data-source" });
  private readonly summary = element("p", { class: "note" });
  private readonly bias = element("input", { type: "checkbox", id: "data-bias" });
  private readonly target = element("input", { id: "new-target", type: "text", inputmode: "decimal", value: "1", autocomplete: "off" });
  private readonly file = element("input", { type: "file", id: "data-file", accept: ".csv,.npz,.gz" });
  private readonly text = element("textarea", { id: "data-text", rows: 4, spellcheck: "false", placeholder: "x,y\n-0.5,-1\n2,1" });
  private readonly notes = { data: new FailureNote(this.source), file: new FailureNote(this.file), text: new FailureNote(this.text) };
  private readonly targetNote = new FailureNote(this.target);
  private readonly targetField = element("div", { class: "field" }, element("label", { for: "new-target" }, "Target of a new point"), this.target, this.targetNote.place);
  private readonly filesPlace: HTMLDetailsElement;
  private readonly points: PointTable;
  private readonly generator: GeneratorFields;
  private shownSources: Builtin[] | undefined;
  private shownData: DataChoice | undefined;

  constructor(
    place: HTMLElement,
    private readonly lab: Lab,
    private readonly api: Api,
  ) {
    this.points = new PointTable(lab);
    this.generator = new GeneratorFields(lab);
    this.source.addEventListener("change", () => this.choose(this.source.value));
    this.bias.addEventListener("change", () => lab.ask({ bias: this.bias.checked }));
    this.target.addEventListener("change", () => {
      const value = numberIn(this.target.value);
      this.targetNote.say(Number.isNaN(value) ? `The target is '${this.target.value}'; a number is expected. New points have ${lab.samples.newTarget} until then.` : "");
      lab.samples.newTarget = Number.isNaN(value) ? lab.samples.newTarget : value;
    });
    this.filesPlace = this.files();
    place.append(
      element("h2", {}, "Samples"),
      element("div", { class: "field wide" }, element("label", { for: "data-source" }, "From"), this.source, this.notes.data.place),
      this.summary, this.generator.place,
      element("label", { class: "check" }, this.bias, "bias (appends 1 to x)"),
      this.targetField, this.points.place, this.filesPlace,
    );
    this.takeDropped();
    this.update();
  }

  update(): void {
    const { experiment, builtins, points, failure, refused } = this.lab;
    for (const [control, note] of Object.entries(this.notes)) {
      // A place that is folded up shows nothing.
      this.filesPlace.open ||= control === refused && control !== "data" && note.isEmpty;
      note.say(control === refused ? failure?.message : undefined);
    }

    this.showSources(builtins, experiment.data);
    this.bias.checked = experiment.bias;
    this.targetField.hidden = points?.inputs[0]?.length !== 2 || !isEditable(points);
    this.points.update();
    this.generator.update();
  }

  private showSources(builtins: Builtin[], data: DataChoice): void {
    if (builtins === this.shownSources && data === this.shownData) {
      return;
    }

    this.shownSources = builtins;
    this.shownData = data;
    const option = (value: string, words: string) => element("option", { value }, words);
    const sets = builtins.filter(({ generator }) => !generator).map(({ name }) => option(`builtin ${name}`, name));
    const generators = builtins.filter(({ generator }) => generator).map(({ generator }) => option(`generator ${generator}`, `drawn: ${generator}`));
    const own = "points" in data ? [option("points", "points by hand")] : "upload" in data ? [option("upload", "a file (not in the address)")] : [];
    this.source.replaceChildren(...own, ...sets, ...generators);
    this.source.value = "builtin" in data ? `builtin ${data.builtin}` : "generator" in data ? `generator ${data.generator}` : Object.keys(data)[0]!;
    const entry = builtins.find(({ name, generator }) => ("builtin" in data && name === data.builtin) || ("generator" in data && generator === data.generator));
    setText(this.summary, "upload" in data ? "A file is not part of the address: whoever opens it elsewhere must load the file too." : (entry?.summary ?? ""));
    this.summary.hidden = this.summary.textContent === "";
  }

  private choose(value: string): void {
    const [kind, name] = value.split(" ");
    const entry = this.lab.builtins.find((builtin) => (kind === "generator" ? builtin.generator === name : builtin.name === name));
    if (kind === "builtin" && name) {
      this.lab.ask({ data: { builtin: name }, ...settingsFor(name) });
    } else if (kind === "generator" && name) {
      this.lab.ask({ data: { generator: name, options: { ...entry?.options } }, ...settingsFor(name) });
    } else if (this.shownData) {
      this.lab.ask({ data: this.shownData });
    }
  }

  private files(): HTMLDetailsElement {
    const { file, text, notes } = this;
    file.addEventListener("change", () => {
      if (file.files?.[0]) {
        void this.upload("file", file.files[0].name, file.files[0]);
        file.value = "";
      }
    });
    const use = element("button", { type: "button", click: () => void this.upload("text", "pasted.csv", new Blob([text.value])) }, "Use this text");
    const save = element("button", { type: "button", click: () => this.save() }, "Save points as CSV");
    return element("details", {},
      element("summary", {}, "Files and text"),
      element("p", { class: "note" }, "CSV (last column y) or npz (arrays X and y), also compressed as .gz. Drop a file anywhere on the page, choose one, or paste text. Nothing leaves the machine that the lab runs on."),
      element("div", { class: "field wide" }, element("label", { for: "data-file" }, "File"), file, notes.file.place),
      element("div", { class: "field wide" }, element("label", { for: "data-text" }, "Text"), text, notes.text.place),
      element("div", { class: "buttons" }, use, save),
    );
  }

  // Anywhere on the page, where a browser would open the file in place of it. Text that is dragged is left to the fields.
  private takeDropped(): void {
    document.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    document.addEventListener("drop", (event) => {
      const file = event.dataTransfer?.files[0];
      if (file) {
        event.preventDefault();
        void this.upload("file", file.name, file);
      }
    });
  }

  // Few samples become points, which can be moved and are in the address; many stay with the server.
  private async upload(from: "file" | "text", name: string, content: Blob): Promise<void> {
    try {
      const upload = await this.api.upload(name, content);
      const points = upload.inputs && upload.targets ? { inputs: upload.inputs, targets: upload.targets } : undefined;
      this.lab.ask({ data: isEditable(points) ? { points } : { upload: upload.id } });
      this.lab.notice = `${name}: ${upload.samples} sample${ending(upload.samples)} of ${upload.dimension} input${ending(upload.dimension)} and ${upload.outputs} output${ending(upload.outputs)}.`;
    } catch (error) {
      const { message } = error as Error;
      this.lab.refuse(from, message.startsWith(name) ? message : `${name}: ${message}`);
    }
  }

  private save(): void {
    const { points } = this.lab;
    if (points) {
      const rows = points.inputs.map((input, k) => [...input, ...points.targets[k]!].join(","));
      download("points.csv", new Blob([`${rows.join("\n")}\n`], { type: "text/csv" }));
    }
  }
}

function ending(count: number): string {
  return count === 1 ? "" : "s";
}
