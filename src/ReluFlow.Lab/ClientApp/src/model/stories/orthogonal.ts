import { DEFAULT_EXPERIMENT } from "../experiment";
import { fallsThrough } from "../measures";
import { claim, END, kinks, type Story } from "./story";

const LOG_SCALE = Math.log(1e6);
const [FASTER, SLOWER] = [Math.sqrt(5) / 2, Math.sqrt(1.25) / 2];
const LEAST_SQUARED_NORM = 2 * (1 / Math.sqrt(1.25) + 1 / Math.sqrt(5));

/** Two orthogonal samples: two saddles, two jumps, and the least norm at the end. */
export const ORTHOGONAL: Story = {
  name: "orthogonal",
  title: "From saddle to saddle",
  lead: "Two orthogonal samples, 60 neurons, a start of size 10⁻⁶.",
  experiment: { ...DEFAULT_EXPERIMENT, tolerance: 1e-9, saves: 401 },
  steps: [
    {
      until: 0, heading: "Nearly nothing",
      text: "Every neuron is about a millionth long, so f = 0 and the loss is that of zero: Σy²/(2n). The rings of the neurons' plane grow with the longest one, so that directions can be seen already.",
      claims: ({ frame }) => [claim("loss L", 0.5, "Σy²/(2n)", frame?.loss)],
    },
    {
      until: 7, heading: "Neurons align",
      text: "Nothing moves in the loss. But the residual is constant, so the neurons that are active on a sample of their sign turn towards two directions, one for each sign: tan(θ/2) shrinks like e^(−‖D‖t). Watch the stars gather above and below the two samples; neurons without such a sample do not come along.",
      claims: ({ frame }) => [claim("loss L", 0.5, "first plateau", frame?.loss)],
    },
    {
      until: 14, heading: "The first jump",
      text: "All the while norms grow like e^(‖D₊‖t): a straight line in the picture of norms. When the positive neurons reach order one the loss falls, at about ln(1/λ)/‖D₊‖. That is the leading order; the blue line has the correction too, which does not grow with ln(1/λ).",
      claims: (moment) => [claim("time of the jump", LOG_SCALE / FASTER, "ln(1/λ)/‖D₊‖, leading order", fallsThrough(moment, 0.375))],
    },
    {
      until: 16, heading: "The second saddle",
      text: "The positive sample is fitted, the negative one is not felt by anyone who is large. The network rests at L = ¼ while the negative neurons still grow.",
      claims: ({ frame }) => [claim("loss L of the saddle", 0.25, "Σ y² over y < 0, /(2n)", frame?.loss)],
    },
    {
      until: 27, heading: "The second jump",
      text: "D₋ is half as long as D₊, so these neurons need twice the time.",
      claims: (moment) => [claim("time of the jump", LOG_SCALE / SLOWER, "ln(1/λ)/‖D₋‖, leading order", fallsThrough(moment, 0.125))],
    },
    {
      until: END, heading: "The least norm",
      text: "The loss is zero, and of all networks that fit the samples this is the smallest: one kink a sign, each where the other sample lies. Initialised small, gradient flow has chosen it without being asked to.",
      claims: ({ frame }) => [
        claim("‖θ‖²", LEAST_SQUARED_NORM, "closed form of the minimum", frame?.squaredNorm),
        claim("loss L", 0, "theorem: the flow interpolates", frame?.loss),
        claim("positive kink", -0.5, "closed form", kinks(frame, 1)[0]),
        claim("negative kink", 2, "closed form", kinks(frame, -1)[0]),
      ],
    },
  ],
};
