import { element, setText } from "../dom";
import type { Lab } from "../lab";
import { numberText } from "../model/numberText";
import { stepAt, STORIES, type Comparison, type Story } from "../model/stories";

/** The story that is told: links to all, the words of the step, and theory's numbers beside those measured. */
export class StoryPanel {
  private readonly links = new Map<string, HTMLAnchorElement>();
  private readonly heading = element("h2");
  private readonly lead = element("p", { class: "lead" });
  private readonly steps = element("ol", { class: "steps" });
  private readonly stepHeading = element("h3");
  private readonly text = element("p", { "aria-live": "polite" });
  private readonly rows = element("tbody");
  private readonly back: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private shown: Story | undefined;
  private shownRows = "";

  constructor(
    nav: HTMLElement,
    private readonly place: HTMLElement,
    private readonly lab: Lab,
  ) {
    for (const story of STORIES) {
      const link = element("a", { href: `#story=${story.name}` }, story.title);
      // The address does not change where the story is told already: it begins again.
      link.addEventListener("click", () => location.hash === link.hash && lab.tell(story));
      this.links.set(story.name, link);
      nav.append(link);
    }

    this.back = element("button", { type: "button", click: () => this.go(-1) }, "◀ Back");
    this.next = element("button", { type: "button", class: "main", click: () => this.go(1) }, "Next ▶");
    const close = element("button", { type: "button", "aria-label": "Close the story", click: () => this.close() }, "✕");
    const head = element("tr", {}, ...["", "theory", "measured"].map((words) => element("th", { scope: "col" }, words)));
    place.append(
      element("div", { class: "story-head" }, this.heading, close), this.lead, this.steps, this.stepHeading, this.text,
      element("table", { class: "compare" }, element("thead", {}, head), this.rows),
      element("div", { class: "buttons" }, this.back, this.next),
    );
  }

  update(): void {
    const { story, frame, run, previous, player } = this.lab;
    this.links.forEach((link, name) => (name === story?.name ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    this.place.hidden = !story;
    if (!story) {
      return;
    }

    if (story !== this.shown) {
      this.shown = story;
      setText(this.heading, story.title);
      setText(this.lead, story.lead);
      this.steps.replaceChildren(...story.steps.map((step, i) => element("li", {}, element("button", { type: "button", title: step.heading, "aria-label": `Step ${i + 1}: ${step.heading}`, click: () => this.goTo(i) }, String(i + 1)))));
    }

    const current = this.current;
    const step = story.steps[current]!;
    [...this.steps.querySelectorAll("button")].forEach((button, i) => (i === current ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current")));
    setText(this.stepHeading, step.heading);
    setText(this.text, step.text);
    this.back.disabled = current === 0 && player.index === 0;
    this.next.disabled = player.isEnd;
    this.showRows(frame ? step.compare({ run, frame, previous }) : []);
  }

  private showRows(comparisons: Comparison[]): void {
    const text = JSON.stringify(comparisons);
    if (text === this.shownRows) {
      return;
    }

    this.shownRows = text;
    const number = (value: number | null) => (value === null || Number.isNaN(value) ? "–" : numberText(value, 6));
    this.rows.replaceChildren(...comparisons.map(({ name, theory, measured, source }) =>
      element("tr", {}, element("th", { scope: "row" }, name, ...(source ? [element("small", {}, source)] : [])), element("td", { class: "theory" }, number(theory)), element("td", { class: "measured" }, number(measured)))));
    (this.rows.parentElement as HTMLElement).hidden = comparisons.length === 0;
  }

  private get current(): number {
    const { story, frame, player } = this.lab;
    return story ? stepAt(story, frame?.time ?? 0, player.isEnd) : 0;
  }

  private go(by: number): void {
    this.goTo(Math.max(0, Math.min(this.lab.story!.steps.length - 1, this.current + by)));
  }

  private goTo(step: number): void {
    const { lab } = this;
    lab.goToTime(lab.story!.steps[step]!.time);
  }

  private close(): void {
    this.lab.story = undefined;
    this.lab.settle();
  }
}
