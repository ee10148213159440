import { element } from "../dom";
import type { Lab } from "../lab";
import type { DataChoice } from "../model/experiment";
import { optionName } from "../model/fieldNames";

const LAWS = ["gaussian", "signs", "uniform"];

/** The options of the generator that draws the samples. */
export class GeneratorFields {
  readonly place = element("div", { class: "fields", hidden: true });
  private shown: DataChoice | undefined;

  constructor(private readonly lab: Lab) {}

  update(): void {
    const { data } = this.lab.experiment;
    if (data === this.shown) {
      return;
    }

    this.shown = data;
    this.place.hidden = !("generator" in data);
    this.place.replaceChildren(...("generator" in data ? Object.entries(data.options).map(([key, value]) => this.field(key, value)) : []));
  }

  private field(key: string, value: unknown): HTMLElement {
    const id = `generator-${key}`;
    const control = typeof value === "string"
      ? element("select", { id }, ...LAWS.map((law) => element("option", { value: law, selected: law === value }, law)))
      : element("input", { id, type: "text", inputmode: "decimal", value: String(value), autocomplete: "off" });
    control.addEventListener("change", () => this.set(key, typeof value === "string" ? control.value : Number(control.value)));
    return element("div", { class: "field" }, element("label", { for: id }, optionName(key)), control);
  }

  private set(key: string, value: string | number): void {
    const { data } = this.lab.experiment;
    if (typeof value === "number" && !Number.isFinite(value)) {
      this.lab.say(`The option ${optionName(key)} of the generator must be a number.`);
    } else if ("generator" in data) {
      this.lab.ask({ data: { generator: data.generator, options: { ...data.options, [key]: value } } });
    }
  }
}
