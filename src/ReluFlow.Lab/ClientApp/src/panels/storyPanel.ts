import { element, setText } from "../dom";
import type { Lab } from "../lab";
import { numberText } from "../model/numberText";
import { STORIES } from "../model/stories";
import { toldAt, type Claim, type Story, type Told } from "../model/stories/story";

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

    this.back = element("button", { type: "button", "aria-label": "Back to the end of the step before", click: () => this.goBack() }, "◀");
    this.next = element("button", { type: "button", class: "main", click: () => this.lab.next() }, "Next ▶");
    const close = element("button", { type: "button", "aria-label": "Close the story", click: () => this.close() }, "✕");
    const head = element("tr", {}, ...["", "theory", "measured"].map((words) => element("th", { scope: "col" }, words)));
    place.append(
      element("div", { class: "story-head" }, this.heading, close), this.lead, element("div", { class: "way" }, this.back, this.steps, this.next), this.stepHeading, this.text,
      element("table", { class: "compare" }, element("thead", {}, head), this.rows),
    );
  }

  update(): void {
    const { story, player } = this.lab;
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

    const told = this.told!;
    const current = told.step;
    const step = story.steps[current]!;
    [...this.steps.querySelectorAll("button")].forEach((button, i) => (i === current ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current")));
    setText(this.stepHeading, step.heading);
    setText(this.text, step.text);
    this.enable(current === 0 && player.index === 0, player.isEnd);
    this.showRows(told.claims, told.isAwaited);
  }

  // A button that is switched off would lose the focus to the whole page: the other one takes it.
  private enable(isFirst: boolean, isLast: boolean): void {
    const { back, next } = this;
    const focused = document.activeElement;
    back.disabled = isFirst;
    next.disabled = isLast;
    if (focused === next && isLast) {
      back.focus();
    } else if (focused === back && isFirst) {
      next.focus();
    }
  }

  private showRows(claims: Claim[], isAwaited: boolean): void {
    const text = JSON.stringify([claims, isAwaited]);
    if (text === this.shownRows) {
      return;
    }

    this.shownRows = text;
    const number = (value: number | null, none: string) => (value === null ? none : numberText(value, 6));
    this.rows.replaceChildren(...claims.map(({ name, theory, measured, source }) => element("tr", {},
      element("th", { scope: "row" }, name, ...(source ? [element("small", {}, source)] : [])),
      element("td", { class: "theory" }, number(theory, "–")),
      element("td", { class: "measured" }, number(measured, isAwaited ? "not yet" : "–")))));
    (this.rows.parentElement as HTMLElement).hidden = claims.length === 0;
  }

  private get told(): Told | undefined {
    const { story, run, index, previous } = this.lab;
    return story && toldAt(story, run, index, previous);
  }

  private goBack(): void {
    this.goTo(Math.max(0, this.told!.step - 1));
  }

  private goTo(step: number): void {
    this.lab.goTo(this.lab.story!.steps[step]!.until);
  }

  private close(): void {
    this.lab.story = undefined;
    this.lab.settle();
  }
}
