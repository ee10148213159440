import { bytes } from "./bytes";

/** What moves at some frames only; the nearest is shown at the others. */
interface Packed {
  frames: number[];
  neurons: number;
  notes: string[];
}

/** The race as the program writes it. */
export interface PackedRace extends Packed {
  shares: number[];
  places: string;
}

/** The cosines as the program writes them. */
export interface PackedCosines extends Packed {
  palette: number[];
  cells: string;
}

// As many pixels as a column has at 300 dots per inch, as in the image of the still figure.
const RESOLUTION = 1000;

/** The neurons of the largest cluster in their plane of angle and norm product. */
export class Race {
  private constructor(
    private readonly packed: PackedRace,
    private readonly places: Float32Array,
  ) {}

  static async unpack(packed: PackedRace): Promise<Race> {
    return new Race(packed, new Float32Array(await bytes(packed.places)));
  }

  rows(frame: number): Record<string, object[]> {
    const at = nearest(this.packed.frames, frame);
    const first = at * this.packed.neurons;
    const runners = this.packed.shares.map((share, j) => ({ angle: this.places[2 * (first + j)] ?? NaN, product: this.places[2 * (first + j) + 1] ?? NaN, share }));
    const placed = runners.filter(({ angle, product }) => Number.isFinite(angle) && Number.isFinite(product));
    return { runners: placed.sort((a, b) => a.share - b.share), "race-note": [{ text: this.packed.notes[at] }] };
  }
}

/** The matrix of cosines as one image a frame. */
export class Cosines {
  private readonly images = new Map<number, string>();

  private constructor(
    private readonly packed: PackedCosines,
    private readonly cells: Uint8Array,
  ) {}

  static async unpack(packed: PackedCosines): Promise<Cosines> {
    const cells = new Uint8Array(await bytes(packed.cells));
    const count = packed.frames.length;

    // Of each pair the frames follow each other, every one less the one before.
    for (let i = 0; i < cells.length; i++) {
      if (i % count !== 0) {
        cells[i] = (cells[i]! + cells[i - 1]!) & 0xff;
      }
    }

    return new Cosines(packed, cells);
  }

  rows(frame: number): Record<string, object[]> {
    const at = nearest(this.packed.frames, frame);
    let url = this.images.get(at);
    if (url === undefined) {
      url = this.draw(at);
      this.images.set(at, url);
    }

    return { cosines: [{ url }], "cosines-note": [{ text: this.packed.notes[at] }] };
  }

  private draw(at: number): string {
    const { neurons, palette, frames } = this.packed;
    const image = new ImageData(neurons, neurons);
    const pixels = new DataView(image.data.buffer);
    for (let i = 0; i < neurons; i++) {
      for (let l = 0; l <= i; l++) {
        const color = palette[this.cells[((i * (i + 1)) / 2 + l) * frames.length + at] ?? 0] ?? 0;
        pixels.setUint32(4 * (i * neurons + l), color);
        pixels.setUint32(4 * (l * neurons + i), color);
      }
    }

    const small = canvasOf(neurons);
    small.getContext("2d")!.putImageData(image, 0, 0);
    const large = canvasOf(neurons * Math.max(1, Math.floor(RESOLUTION / neurons)));
    const context = large.getContext("2d")!;
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, large.width, large.height);
    return large.toDataURL("image/png");
  }
}

function canvasOf(side: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  return canvas;
}

function nearest(frames: number[], frame: number): number {
  return frames.reduce((best, candidate, i) => (Math.abs(candidate - frame) < Math.abs(frames[best]! - frame) ? i : best), 0);
}
