import { signOf, type Frame } from "../wire/frame";
import type { Reduced } from "../wire/messages";
import type { NetworkWeights } from "./network";
import { numberText } from "./numberText";
import type { Run } from "./run";

/** What is merged and pruned, and where: in the network of one run at one saved time. */
export interface ReductionRequest {
  run: Run;
  index: number;
  merge: number[][];
  prune: number[];
}

/** Neurons in groups of two or more whose outputs have one sign: only those can be one neuron. */
export function groupsOfOneSign(frame: Frame, neurons: Iterable<number>): number[][] {
  const groups = new Map<number, number[]>();
  for (const neuron of neurons) {
    const sign = signOf(frame, neuron);
    groups.set(sign, [...(groups.get(sign) ?? []), neuron]);
  }

  return [...groups.values()].filter((group) => group.length > 1);
}

/** A network that neurons were merged in or pruned out of. */
export class Reduction {
  /** Without neurons where there are too many weights to be sent. */
  readonly network: NetworkWeights;
  /** What was done and when. */
  readonly words: string;

  constructor(
    readonly answer: Reduced,
    private readonly asked: ReductionRequest,
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
    this.words = wordsOf(asked);
  }

  /** Whether it is about the network that is looked at. */
  isOf(run: Run, index: number): boolean {
    return run === this.asked.run && index === this.asked.index;
  }
}

function wordsOf({ run, index, merge, prune }: ReductionRequest): string {
  const counted = (count: number) => `${count} neuron${count === 1 ? "" : "s"}`;
  const parts = [
    ...(merge.length > 0 ? [`${counted(merge.flat().length)} merged into ${merge.length}`] : []),
    ...(prune.length > 0 ? [`${counted(prune.length)} pruned`] : []),
  ];
  return `At t = ${numberText(run.frames[index]!.time)} ${parts.join(" and ")}`;
}
