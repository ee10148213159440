type Properties = Record<string, string | number | boolean | ((event: Event) => void)>;

/** Makes an element: functions become listeners of the event they are named after, `true` an attribute without a value, and `false` none. */
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Properties = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") {
      made.addEventListener(name, value);
    } else if (value !== false) {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }

  made.append(...children);
  return made;
}

/** The element of a name, which must be there. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`The page has no element '${id}'.`);
  }

  return found as T;
}

/** Sets a text only where it is another one: screen readers speak what changes. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

/** A link that is pressed once, for a file to be saved. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
