/** Neurons from a text such as "0-4, 17". Throws where it is none or beyond the width. */
export function parseNeurons(text: string, width: number): number[] {
  const neurons: number[] = [];
  for (const part of text.split(/[\s,;]+/).filter((word) => word !== "")) {
    const range = /^(\d+)(?:[-–](\d+))?$/.exec(part);
    const [first, last] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
    if (!range || last < first || last >= width) {
      throw new Error(`'${part}' names no neurons; numbers from 0 to ${width - 1}, or a range such as 0-4, are expected.`);
    }

    for (let j = first; j <= last; j++) {
      neurons.push(j);
    }
  }

  return neurons;
}
