import type { Reduced } from "../wire/messages";
import type { NetworkWeights } from "./network";

/** A network that neurons were merged in or pruned out of. */
export class Reduction {
  /** Without neurons where there are too many weights to be sent. */
  readonly network: NetworkWeights;

  /** @param words What was done. */
  constructor(
    readonly answer: Reduced,
    readonly words: string,
  ) {
    const inputs = answer.inputs ?? [];
    const outputs = answer.outputs ?? [];
    this.network = {
      neurons: inputs.length,
      coordinates: inputs[0]?.length ?? 0,
      outputs: outputs[0]?.length ?? 1,
      logIn: Float32Array.from(answer.logNorms.slice(0, inputs.length), (log) => log ?? -Infinity),
      logOut: new Float32Array(inputs.length),
      unitIn: Float32Array.from(inputs.flat()),
      unitOut: Float32Array.from(outputs.flat()),
    };
  }
}
