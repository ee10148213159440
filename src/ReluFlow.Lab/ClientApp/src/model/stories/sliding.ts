import { DEFAULT_EXPERIMENT, type Experiment } from "../experiment";
import { fallsThrough } from "../measures";
import { beside, claim, END, kinks, type Story } from "./story";

const FLOW: Experiment = { ...DEFAULT_EXPERIMENT, data: { builtin: "nonorthogonal-toy-trap" }, time: 1000, stopLoss: 0, saves: 401, tolerance: 1e-9 };
const SADDLE = (0.09 + 0.26 - 0.275 ** 2 / 2.375) / 10;

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
      text: "Gradient descent is meant to follow the flow closely when its step is small. For a while the grey curve hides behind the green one.",
      claims: ({ frame }) => [claim("loss L", 0.087, "Σy²/(2n)", frame?.loss)],
    },
    {
      until: 250, heading: "Held at a sample",
      text: "Positive neurons come to the sample at x = −1 and stay with their kink on it: on either side the gradient pushes them back. The flow slides along that boundary (Filippov's sense); descent, which cannot be on it, chatters across it.",
      claims: ({ frame }) => [
        claim("positive kink", -1, "the sample that holds it", kinks(frame, 1)[0]),
        claim("loss L", SADDLE, "derived: least squares of what is left", frame?.loss),
      ],
    },
    {
      until: 400, heading: "The flow leaves",
      text: "The flow keeps the balance |a_j| = ‖w_j‖ of every neuron, also of those that shrink, so some remain that can grow again, and when enough have grown the flow leaves. Each chattering step of descent breaks that balance a little, and its shrinking neurons die.",
      claims: (moment) => [
        claim("time of leaving, flow", null, "where L has fallen by a tenth", fallsThrough(moment, 0.9 * SADDLE)),
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
