import { element, setText } from "../dom";

/** What is wrong with a control, said beside it and spoken at once. */
export class FailureNote {
  readonly place = element("span", { class: "failure", role: "alert" });

  /** @param control What it is about, which has an id. */
  constructor(private readonly control: HTMLElement) {
    this.place.id = `failure-${control.id.replace(/^field-/, "")}`;
    control.setAttribute("aria-describedby", this.place.id);
  }

  get isEmpty(): boolean {
    return this.place.textContent === "";
  }

  /** Says what is wrong, where it is seen; nothing where nothing is. */
  say(message = ""): void {
    if (message === this.place.textContent) {
      return;
    }

    setText(this.place, message);
    if (message === "") {
      this.control.removeAttribute("aria-invalid");
    } else {
      this.control.setAttribute("aria-invalid", "true");
      this.place.scrollIntoView({ block: "nearest" });
    }
  }
}
