import { changeset, type View } from "vega";
import { viewOf, type Specification } from "./specification";
import { inTheme, type Theme } from "./theme";

// Rows that only mark a time, in figures of the whole run.
const CURSOR = "cursor";

/** A figure in a page: a specification, the element that shows it, and the rows that were exchanged since. */
export class Figure {
  private readonly described: string;
  private description: string;
  private view: View | undefined;
  private readonly rows = new Map<string, object[]>();

  constructor(
    readonly name: string,
    private readonly specification: Specification,
    private readonly element: HTMLElement,
  ) {
    this.described = specification.description ?? "";
    this.description = this.described;
  }

  /** Draws the figure anew in a theme. */
  async draw(theme: Theme): Promise<void> {
    this.view?.finalize();
    this.element.replaceChildren();
    this.view = viewOf(inTheme({ ...this.specification, description: this.description }, theme), "svg").initialize(this.element);
    for (const [name, rows] of this.rows) {
      this.put(name, rows);
    }

    await this.view.runAsync();
  }

  /** Exchanges rows by their name; a figure without rows of that name stays as it is. The time is that of the rows; none is that of the description. */
  async exchange(rows: Record<string, object[]>, time?: string): Promise<void> {
    const known = Object.entries(rows).filter(([name]) => this.has(name));
    for (const [name, values] of known) {
      this.rows.set(name, values);
      this.put(name, values);
    }

    if (known.some(([name]) => name !== CURSOR)) {
      this.description = time === undefined ? this.described : `Moved to ${time}. As first drawn: ${this.described}`;
      this.element.setAttribute("aria-label", this.description);
    }

    if (known.length > 0) {
      await this.view?.runAsync();
    }
  }

  /** The figure as it is seen, on white. */
  async toSvg(): Promise<string> {
    return (await this.still()).toSVG();
  }

  /** The figure as it is seen, on white, as the address of an image. */
  async toPng(magnification: number): Promise<string> {
    const canvas = await (await this.still()).toCanvas(magnification);
    const opaque = document.createElement("canvas");
    opaque.width = canvas.width;
    opaque.height = canvas.height;
    const context = opaque.getContext("2d")!;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, opaque.width, opaque.height);
    context.drawImage(canvas, 0, 0);
    return opaque.toDataURL("image/png");
  }

  private async still(): Promise<View> {
    const view = viewOf(this.specification);
    for (const [name, rows] of this.rows) {
      view.change(name, changeset().remove(() => true).insert(rows));
    }

    return view.runAsync();
  }

  private put(name: string, rows: object[]): void {
    this.view?.change(name, changeset().remove(() => true).insert(rows));
  }

  private has(name: string): boolean {
    try {
      this.view?.data(name);
      return this.view !== undefined;
    } catch {
      return false;
    }
  }
}
