import type { Figure } from "../plot/figure";

// 300 dots per inch of a picture whose pixels are 1/96 inch.
const MAGNIFICATION = 3.125;

/** Adds the buttons that save a figure as it is seen. */
export function addSaving(figure: Figure, element: HTMLElement): void {
  const bar = document.createElement("div");
  bar.className = "save";
  bar.append(
    button(`Save ${figure.name} as SVG`, "SVG", async () => download(`${figure.name}.svg`, URL.createObjectURL(new Blob([await figure.toSvg()], { type: "image/svg+xml" })))),
    button(`Save ${figure.name} as PNG`, "PNG", async () => download(`${figure.name}.png`, await figure.toPng(MAGNIFICATION))),
  );
  element.append(bar);
}

function button(label: string, text: string, act: () => Promise<void>): HTMLButtonElement {
  const result = document.createElement("button");
  result.type = "button";
  result.textContent = text;
  result.setAttribute("aria-label", label);
  result.addEventListener("click", () => void act());
  return result;
}

function download(name: string, address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  if (address.startsWith("blob:")) {
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}
