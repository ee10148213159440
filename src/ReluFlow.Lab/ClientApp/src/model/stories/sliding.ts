import { DEFAULT_EXPERIMENT, type Experiment } from "../experiment";
import { fallsThrough } from "../measures";
import { beside, claim, END, kinks, type Moment, type Story } from "./story";

const FLOW: Experiment = { ...DEFAULT_EXPERIMENT, data: { builtin: "nonorthogonal-toy-trap" }, time: 1000, stopLoss: 0, saves: 401, tolerance: 1e-9 };
const SADDLE = (0.09 + 0.26 - 0.275 ** 2 / 2.375) / 10;

// Theory may still be on its way, or have had no time.
function lastJump({ run }: Moment): number | null {
  return run.theory.saddles?.at(-1)?.time ?? null;
}

/** Neurons held at a sample slide along it; descent chatters there, and stops at a saddle that the flow leaves. */
export const SLIDING: Story = {
  name: "sliding",
  title: "Sliding at a kink",
  lead: "Gradient flow (green) against gradient descent with step 0.01 (grey), from the same start.",
  experiment: FLOW,
  previous: { ...FLOW, method: "gradient-descent", step: 0.01 },
  steps: [
    {
      until: 0, heading: "One start, two laws",
      text: "Gradient descent is meant to follow the flow closely when its step is small. For a while its grey curves hide behind the green ones.",
      claims: ({ frame }) => [claim("loss L", 0.087, "Σy²/(2n)", frame?.loss)],
    },
    {
      until: 250, heading: "Held at a sample",
      text: "Positive neurons come to the sample at x = −1 and stay with their kink on it: on either side the gradient pushes them back. The flow slides along that boundary (Filippov's sense). The loss rests at 0.0318: the plateau that this story is about.",
      claims: ({ frame }) => [
        claim("positive kink", -1, "the sample that holds it", kinks(frame, 1)[0]),
        claim("loss L", SADDLE, "derived: least squares of what is left", frame?.loss),
      ],
    },
    {
      until: 400, heading: "The flow leaves",
      text: "The flow keeps the balance |a_j| = ‖w_j‖ of every neuron, also of those that shrink, so some remain that can grow again, and when enough have grown (orange, in the picture of norms) the flow leaves. Descent breaks that balance a little with each step across the boundary and has lost those neurons: grey goes on level. Theory's jump from this plateau, its last, is about 77 early: it is the leading order in ln(1/λ), and at λ = 10⁻⁶, where that is 13.8, what it leaves out counts.",
      claims: (moment) => [
        claim("time of leaving L = 0.0318, flow", lastJump(moment), "last jump of the λ → 0 process, leading order; measured where L has fallen by a tenth", fallsThrough(moment, 0.9 * SADDLE)),
        claim("loss L of descent", SADDLE, "a saddle where it stops", beside(moment)?.loss),
      ],
    },
    {
      until: END, heading: "Two different ends",
      text: "The flow fits all five samples. Descent has stopped for good: its gradient vanishes at L = 0.0318, whatever small step it takes. The negative neurons of the flow still slide, along the sample at ¼.",
      claims: (moment) => [
        claim("loss L, flow", 0, "interpolation", moment.frame?.loss),
        claim("loss L, descent", SADDLE, "derived", beside(moment)?.loss),
        claim("first positive kink", -5 / 12, "derived", kinks(moment.frame, 1)[0]),
        claim("negative kink", 0.25, "the sample it slides along", kinks(moment.frame, -1)[0]),
      ],
    },
  ],
};
