import { download, element } from "./dom";
import type { Picture } from "./views/picture";

/** The pictures of a page: places for them, their sizes and colours, and one redraw a frame for those that need it. */
export class Stage {
  private readonly places = new Map<Picture, HTMLElement>();
  private readonly inSight = new Set<Picture>();
  private readonly sight = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => this.sighted(target, isIntersecting)));
  private readonly sizes = new ResizeObserver((entries) => entries.forEach(({ target, contentRect }) => this.resized(target, contentRect)));

  constructor(
    place: HTMLElement,
    private readonly pictures: readonly Picture[],
    private readonly wanted: () => void,
  ) {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => {
      pictures.forEach((picture) => picture.setColors(dark.matches));
      wanted();
    };
    for (const picture of pictures) {
      const frame = element("div", { class: "canvas" }, picture.canvas);
      const save = element("button", { type: "button", "aria-label": `Save ${picture.heading} as SVG`, title: "Save as SVG", click: () => this.save(picture) }, "SVG");
      const figure = element("figure", { class: `picture ${picture.name}` }, element("figcaption", {}, element("h2", {}, picture.heading), save), frame, element("p", { class: "note" }, picture.note));
      this.places.set(picture, figure);
      place.append(figure);
      this.sizes.observe(frame);
      this.sight.observe(frame);
    }

    addEventListener("beforeprint", () => this.pictures.forEach((picture) => picture.refresh()));
    dark.addEventListener("change", follow);
    follow();
  }

  /** The place of a picture, to put controls beside it. */
  placeOf(picture: Picture): HTMLElement {
    return this.places.get(picture)!;
  }

  /** How often layers were drawn, by the name of their picture. */
  get draws(): Record<string, { still: number; moving: number }> {
    return Object.fromEntries(this.pictures.map(({ name, draws }) => [name, { ...draws }]));
  }

  /** Shows a picture or hides it. */
  show(picture: Picture, visible: boolean): void {
    this.places.get(picture)!.hidden = !visible;
  }

  /** Draws what must be drawn again, as far as it is in sight. */
  refresh(): void {
    this.inSight.forEach((picture) => picture.refresh());
  }

  invalidate(): void {
    this.pictures.forEach((picture) => picture.invalidate());
  }

  private sighted(target: Element, isInSight: boolean): void {
    const picture = this.pictureIn(target);
    if (isInSight) {
      this.inSight.add(picture);
      this.wanted();
    } else {
      this.inSight.delete(picture);
    }
  }

  private pictureIn(target: Element): Picture {
    return this.pictures.find((picture) => picture.canvas.parentElement === target)!;
  }

  private resized(target: Element, { width, height }: DOMRectReadOnly): void {
    this.pictureIn(target).resize({ width: Math.floor(width), height: Math.floor(height) });
    this.wanted();
  }

  private save(picture: Picture): void {
    download(`${picture.name}.svg`, new Blob([picture.toSvg()], { type: "image/svg+xml" }));
  }
}
