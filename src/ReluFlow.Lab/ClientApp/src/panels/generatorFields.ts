import { element } from "../dom";
import type { Lab } from "../lab";
import type { DataChoice } from "../model/experiment";
import { optionName } from "../model/fieldNames";
import { numberIn } from "../model/numberInput";
import { FailureNote } from "./failureNote";

const LAWS = ["gaussian", "signs", "uniform"];

/** The options of the generator that draws the samples. */
export class GeneratorFields {
  readonly place = element("div", { class: "fields", hidden: true });
  private shown: DataChoice | undefined;

  constructor(private readonly lab: Lab) {}

  update(): void {
    const { data } = this.lab.experiment;
    if (data === this.shown || this.isRefused(data)) {
      return;
    }

    this.shown = data;
    this.place.hidden = !("generator" in data);
    this.place.replaceChildren(...("generator" in data ? Object.entries(data.options).map(([key, value]) => this.field(key, value)) : []));
  }

  // What was typed and refused stays, to be mended.
  private isRefused(data: DataChoice): boolean {
    const { shown } = this;
    return this.lab.refused === "data" && shown !== undefined && "generator" in shown && "generator" in data && shown.generator === data.generator;
  }

  private field(key: string, value: unknown): HTMLElement {
    const id = `generator-${key}`;
    const control = typeof value === "string"
      ? element("select", { id }, ...LAWS.map((law) => element("option", { value: law, selected: law === value }, law)))
      : element("input", { id, type: "text", inputmode: "decimal", value: String(value), autocomplete: "off" });
    const failure = new FailureNote(control);
    control.addEventListener("change", () => {
      const given = typeof value === "string" ? control.value : numberIn(control.value);
      const isNumber = !Number.isNaN(given);
      failure.say(isNumber ? "" : `The ${optionName(key)} is '${control.value}'; a number is expected.`);
      if (isNumber) {
        this.set(key, given);
      }
    });
    return element("div", { class: "field" }, element("label", { for: id }, optionName(key)), control, failure.place);
  }

  private set(key: string, value: string | number): void {
    const { data } = this.lab.experiment;
    if ("generator" in data) {
      this.lab.ask({ data: { generator: data.generator, options: { ...data.options, [key]: value } } });
    }
  }
}
