import { element } from "../dom";
import type { Control, Lab } from "../lab";
import type { Experiment } from "../model/experiment";
import { FIELD_NAMES } from "../model/fieldNames";
import { log10Of, scaleAt, shortScale } from "../model/logScale";
import { numberIn } from "../model/numberInput";
import { FailureNote } from "./failureNote";

const LEAST_LOG_SCALE = -300;
const LARGEST_LOG_SCALE = 1;

const SCALE_HINT = "Any positive number, such as 1e-1000";

type NumberKey = "width" | "seed" | "step" | "tolerance" | "time" | "stopLoss" | "saves";
type ChoiceKey = "scheme" | "loss" | "method" | "spacing";

interface Field {
  key: keyof Experiment;
  show: (experiment: Experiment) => void;
  fail: (message: string | undefined) => void;
}

/** The settings of an experiment. Each change asks for a new one; what the server refuses is said beside its field. */
export class Controls {
  private readonly fields: Field[] = [];
  private shown: Experiment | undefined;
  private wrong: Control | undefined;

  constructor(
    place: HTMLElement,
    private readonly lab: Lab,
  ) {
    const step = this.number("step", "Time a descent step takes on L");
    const tolerance = this.number("tolerance", "Error aimed at by the flow");
    place.append(
      element("h2", {}, "Network and start"),
      element("div", { class: "fields" },
        this.number("width", "Neurons, 1 to 2000"),
        this.choice("scheme", ["balanced", "unbalanced", "dominated"]),
        this.scale(),
        this.seed(),
      ),
      element("h2", {}, "Training"),
      element("div", { class: "fields" },
        this.choice("loss", ["squared", "logistic", "cross-entropy"]),
        this.choice("method", ["gradient-flow", "gradient-descent"]),
        step, tolerance,
        this.number("time", "Flow time, up to 10¹²"),
        this.number("stopLoss", "0 switches it off"),
        this.number("saves", "2 to 1000"),
        this.choice("spacing", ["linear", "log"]),
      ),
    );
    this.fields.push({
      key: "method",
      show: ({ method }) => {
        step.hidden = method !== "gradient-descent";
        tolerance.hidden = method === "gradient-descent";
      },
      fail: () => {},
    });
    this.update();
  }

  update(): void {
    const { experiment, failure, refused } = this.lab;

    // What was typed and refused stays, to be mended, until something else is.
    const isAnother = experiment !== this.shown;
    this.fields.filter(({ key }) => key !== refused && (isAnother || key === this.wrong)).forEach((field) => field.show(experiment));
    this.shown = experiment;
    this.wrong = refused;
    this.fields.forEach((field) => field.fail(field.key === refused ? failure?.message : undefined));
  }

  private number(key: NumberKey, hint: string): HTMLElement {
    const input = element("input", { id: `field-${key}`, type: "text", inputmode: "decimal", autocomplete: "off", title: hint });
    input.addEventListener("change", () => {
      const value = numberIn(input.value);
      if (Number.isNaN(value)) {
        this.lab.refuse(key, `${FIELD_NAMES[key]} is '${input.value}'; a number is expected.`);
      } else {
        this.lab.ask({ [key]: value });
      }
    });
    return this.field(key, input, (experiment) => {
      if (numberIn(input.value) !== experiment[key]) {
        input.value = String(experiment[key]);
      }
    });
  }

  private choice(key: ChoiceKey, values: string[]): HTMLElement {
    const select = element("select", { id: `field-${key}` }, ...values.map((value) => element("option", { value }, value.replace("-", " "))));
    select.addEventListener("change", () => this.lab.ask({ [key]: select.value }));
    return this.field(key, select, (experiment) => (select.value = experiment[key]));
  }

  private scale(): HTMLElement {
    const text = element("input", { id: "field-scale", type: "text", autocomplete: "off", title: SCALE_HINT });
    const slider = element("input", { type: "range", min: LEAST_LOG_SCALE, max: LARGEST_LOG_SCALE, step: 0.5, "aria-label": "λ, logarithmic" });
    slider.addEventListener("input", () => (text.value = scaleAt(Number(slider.value))));
    slider.addEventListener("change", () => this.lab.ask({ scale: scaleAt(Number(slider.value)) }));
    text.addEventListener("change", () => {
      if (Number.isNaN(log10Of(text.value))) {
        this.lab.refuse("scale", `${FIELD_NAMES.scale} is '${text.value}'; a positive number such as 1e-6 is expected.`);
      } else {
        // The short form of the scale that is seen is no other scale.
        const { scale } = this.lab.experiment;
        const typed = text.value.trim();
        this.lab.ask({ scale: typed === shortScale(scale) ? scale : typed });
      }
    });
    const both = element("span", { class: "scale" }, slider, text);
    return this.field("scale", both, ({ scale }) => {
      text.value = shortScale(scale);
      text.title = text.value === scale ? SCALE_HINT : `${scale}. ${SCALE_HINT}`;
      slider.value = String(Math.min(LARGEST_LOG_SCALE, Math.max(LEAST_LOG_SCALE, log10Of(scale))));
    });
  }

  private seed(): HTMLElement {
    const field = this.number("seed", "Of the start");
    const next = element("button", { type: "button", "aria-label": "Next seed", click: () => this.lab.ask({ seed: this.lab.experiment.seed + 1 }) }, "next");
    field.querySelector("input")!.after(next);
    field.classList.add("with-button");
    return field;
  }

  private field(key: keyof Experiment, control: HTMLElement, show: (experiment: Experiment) => void): HTMLElement {
    const failure = new FailureNote(control.matches("input, select") ? control : control.querySelector<HTMLElement>("input[type=text]")!);
    this.fields.push({ key, show, fail: (message) => failure.say(message) });
    return element("div", { class: "field" }, element("label", { for: `field-${key}` }, FIELD_NAMES[key]), control, failure.place);
  }
}
