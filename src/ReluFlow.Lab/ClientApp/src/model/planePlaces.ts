import type { Frame } from "../wire/frame";
import { inPlane, type Plane } from "./plane";

/** ln of the longest ‖w_j‖. */
export function longest(frame: Frame): number {
  return frame.logIn.reduce((a, b) => Math.max(a, b), -Infinity);
}

/** Where the neurons of frames stand in a plane, x and y in turn, the longest at distance 1 or less. A trail looks at the same frames again and again: the last ones are kept. */
export class PlanePlaces {
  private readonly kept = new Map<Frame, Float32Array>();
  private plane: Plane | undefined;

  /** @param most How many frames are kept. */
  constructor(private readonly most: number) {}

  /** The places of a frame's neurons, length 2m. */
  of(frame: Frame, plane: Plane): Float32Array {
    if (plane !== this.plane) {
      this.kept.clear();
      this.plane = plane;
    }

    const known = this.kept.get(frame);
    if (known) {
      return known;
    }

    const places = placesOf(frame, plane);
    this.kept.set(frame, places);
    if (this.kept.size > this.most) {
      this.kept.delete(this.kept.keys().next().value!);
    }

    return places;
  }
}

function placesOf(frame: Frame, plane: Plane): Float32Array {
  const unit = longest(frame);
  const places = new Float32Array(2 * frame.neurons);
  for (let j = 0; j < frame.neurons; j++) {
    const [x, y] = inPlane(plane, frame, j);
    const scale = Math.exp(frame.logIn[j]! - unit);
    places[2 * j] = scale * x;
    places[2 * j + 1] = scale * y;
  }

  return places;
}
