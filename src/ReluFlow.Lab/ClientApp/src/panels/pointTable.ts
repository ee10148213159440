import { element } from "../dom";
import type { Lab } from "../lab";
import type { Points } from "../model/experiment";
import { FailureNote } from "./failureNote";
import { numberIn } from "../model/numberInput";
import { isEditable, withMoved, withPoint } from "../model/samples";

/** The samples as numbers that can be typed: the other way to edit them. */
export class PointTable {
  readonly place = element("details", { class: "points" }, element("summary", {}, "Points as numbers"));
  private readonly rows = element("tbody");
  private readonly head = element("tr");
  private shown: Points | undefined;
  private shownSelection: number | undefined;

  constructor(private readonly lab: Lab) {
    const add = element("button", { type: "button", click: () => this.add() }, "Add a point");
    const remove = element("button", { type: "button", click: () => this.remove() }, "Delete the chosen one");
    this.place.append(
      element("div", { class: "scroll" }, element("table", {}, element("thead", {}, this.head), this.rows)),
      element("div", { class: "buttons" }, add, remove),
    );
    this.place.addEventListener("toggle", () => this.update());
  }

  update(): void {
    const { points, samples: { selected: selectedPoint } } = this.lab;
    this.place.hidden = !isEditable(points);
    if (!this.place.open || !isEditable(points) || (points === this.shown && selectedPoint === this.shownSelection)) {
      return;
    }

    const keep = document.activeElement?.id;
    this.shown = points;
    this.shownSelection = selectedPoint;
    const names = points.inputs[0]!.length === 1 ? ["x", "y"] : ["x₁", "x₂", "y"];
    this.head.replaceChildren(...["", ...names].map((name) => element("th", { scope: "col" }, name)));
    this.rows.replaceChildren(...points.inputs.map((_, k) => this.row(points, k, names)));
    if (keep?.startsWith("point-")) {
      document.getElementById(keep)?.focus();
    }
  }

  private row(points: Points, k: number, names: string[]): HTMLElement {
    const values = [...points.inputs[k]!, points.targets[k]![0]!];
    const choose = element("input", { type: "radio", name: "point", id: `point-${k}`, "aria-label": `Point ${k + 1}`, checked: this.lab.samples.selected === k, change: () => this.lab.samples.select(k) });
    const cells = values.map((value, i) => {
      const input = element("input", { type: "text", inputmode: "decimal", id: `point-${k}-${i}`, value: String(value), "aria-label": `${names[i]} of point ${k + 1}`, autocomplete: "off" });
      const failure = new FailureNote(input);
      input.addEventListener("change", () => failure.say(this.set(points, k, i, input.value)));
      return element("td", {}, input, failure.place);
    });
    return element("tr", {}, element("td", {}, choose), ...cells);
  }

  // What is wrong with the text; nothing where it was taken.
  private set(points: Points, k: number, i: number, text: string): string {
    const value = numberIn(text);
    if (Number.isNaN(value)) {
      return `'${text}' is no number.`;
    }

    const values = [...points.inputs[k]!, points.targets[k]![0]!];
    values[i] = value;
    this.lab.samples.edit(withMoved(points, k, values.slice(0, -1), values.at(-1)!), k);
    return "";
  }

  private add(): void {
    const { points } = this.lab;
    if (isEditable(points)) {
      this.lab.samples.edit(withPoint(points, points.inputs[0]!.map(() => 0), this.lab.samples.newTarget), points.inputs.length);
    }
  }

  private remove(): void {
    const selectedPoint = this.lab.samples.selected;
    if (selectedPoint === undefined) {
      this.lab.say("No point is chosen.");
    } else {
      this.lab.samples.remove(selectedPoint);
    }
  }
}
