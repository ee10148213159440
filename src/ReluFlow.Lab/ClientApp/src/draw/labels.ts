/** Words that belong to a place along a line. */
export interface Label {
  at: number;
  words: string;
}

/** A label as it is printed: around its centre, with how many others it stands for as well. */
export interface PlacedLabel {
  center: number;
  words: string;
}

// Shares of the size of letters in the widest font of ours.
const [NARROW, USUAL, WIDE] = [0.36, 0.64, 0.84];

/** How wide a text is at most. */
export function widthOf(words: string, size = 11): number {
  return size * [...words].reduce((sum, letter) => sum + (" .,tLfil".includes(letter) ? NARROW : "≈+=−∞".includes(letter) ? WIDE : USUAL), 0);
}

/**
 * Labels that print over no other, inside from low to high: one that has no room is told by "+1" (or more) behind the one before it.
 * @param sizeOf How much room words take along the line.
 */
export function placed(labels: readonly Label[], low: number, high: number, sizeOf: (words: string) => number): PlacedLabel[] {
  const inOrder = [...labels].sort((a, b) => a.at - b.at);
  const sizes = inOrder.map(({ words }) => sizeOf(words));
  const noted = (words: string, more: number) => (more > 0 ? `${words} +${more}` : words);

  // A note takes room itself, which may cost another label its own; sizes only grow, so that this ends.
  for (;;) {
    const shown = spread(inOrder, sizes, low, high).map(({ label, center, more }) => ({ label, center, words: noted(inOrder[label]!.words, more) }));
    const tooSmall = shown.filter(({ label, words }) => sizeOf(words) > sizes[label]!);
    if (tooSmall.length === 0) {
      return shown.map(({ center, words }) => ({ center, words }));
    }

    tooSmall.forEach(({ label, words }) => (sizes[label] = sizeOf(words)));
  }
}

// From low to high, each that has room, and how many after it have none.
function spread(labels: readonly Label[], sizes: readonly number[], low: number, high: number): { label: number; center: number; more: number }[] {
  const shown: { label: number; center: number; more: number }[] = [];
  let free = low;
  labels.forEach(({ at }, label) => {
    const half = sizes[label]! / 2;
    const center = Math.min(high - half, Math.max(low + half, at));
    const before = shown.at(-1);
    if (!before || center - half >= free) {
      shown.push({ label, center, more: 0 });
      free = center + half;
    } else {
      before.more++;
    }
  });
  return shown;
}
