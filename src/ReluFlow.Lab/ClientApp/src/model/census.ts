import { isActive, logProduct, type Frame } from "../wire/frame";

// A neuron below this share of the largest product is not seen in f.
const VISIBLE_LOG_SHARE = Math.log(0.01);

/** How many neurons are seen in f, and how many are active on a sample. */
export interface Census {
  visible: number;
  active: number;
}

const known = new WeakMap<Frame, Census>();

/** Counts the neurons of a frame, once. */
export function censusOf(frame: Frame): Census {
  const census = known.get(frame) ?? count(frame);
  known.set(frame, census);
  return census;
}

function count(frame: Frame): Census {
  let largest = -Infinity;
  for (let j = 0; j < frame.neurons; j++) {
    largest = Math.max(largest, logProduct(frame, j));
  }

  let [visible, active] = [0, 0];
  for (let j = 0; j < frame.neurons; j++) {
    visible += logProduct(frame, j) >= largest + VISIBLE_LOG_SHARE ? 1 : 0;
    active += isActive(frame, j) ? 1 : 0;
  }

  return { visible, active };
}
