import { DEFAULT_EXPERIMENT, type Experiment } from "../experiment";
import { distinctKinks } from "../network";
import { beside, claim, END, type Story } from "./story";

const SMALL: Experiment = { ...DEFAULT_EXPERIMENT, data: { builtin: "nonorthogonal-toy" }, scale: "1.2909944487358056e-4", time: 800, saves: 401, tolerance: 1e-9 };

/** A small start ends with three kinks, a large one with many. */
export const SCALE: Story = {
  name: "scale",
  title: "Small against large start",
  lead: "The same five samples and 60 neurons, from λ = 1.3·10⁻⁴ (green, stars violet and orange) and from λ = 2 (all grey, behind).",
  experiment: SMALL,
  previous: { ...SMALL, scale: "2" },
  across: [-2, 4.25],
  lossUpTo: 0.12,
  steps: [
    {
      until: 0, heading: "Two starts",
      text: "The large start is already a function, with kinks all over (grey stars), and its loss begins above the axis of the picture. The small one is zero.",
      claims: (moment) => [claim("loss L, small start", 0.094, "Σy²/(2n)", moment.frame?.loss), claim("loss L, large start", null, "", beside(moment)?.loss)],
    },
    {
      until: 60, heading: "Lazy and rich",
      text: "The large start need not align: its many neurons bend the function through the samples together, and the grey loss falls at once. The small start first aligns while its loss rests, and then grows one group of neurons at a time.",
      claims: (moment) => [claim("loss L, small start", null, "", moment.frame?.loss), claim("loss L, large start", null, "", beside(moment)?.loss)],
    },
    {
      until: 190, heading: "A saddle on the way",
      text: "The green function fits the first sample, and one ray from x = 0 does what it can for the last two: no neuron that is large can improve anything. The green loss rests at 0.0388 until the negative neurons have grown (orange, in the picture of norms).",
      claims: ({ frame }) => [claim("loss L of the saddle", 0.038846153846153846, "derived from the open gates", frame?.loss)],
    },
    {
      until: END, heading: "Three kinks against many",
      text: "Both fit the samples. The small start does it with three kinks, one of which lies right of all samples, at 3.75, the large one with a crowd of them (grey stars) and a larger norm. Small is not always least: here the norm of the small start stays 5% above the minimum (“excess” among the numbers).",
      claims: (moment) => {
        const { frame, run } = moment;
        const large = beside(moment);
        return [
          claim("kinks, small start", 3, "published", frame && distinctKinks(frame).length),
          claim("last of them", 3.753, "published", frame && Math.max(...distinctKinks(frame).map(({ position }) => position))),
          claim("kinks, large start", null, "many; no number is stated", large && distinctKinks(large).length),
          claim("‖θ‖² small start", 2 * 9.39604, "derived from the three kinks", frame?.squaredNorm),
          claim("least ‖θ‖²", run.theory.minimumSquaredNorm?.primal ?? 2 * 8.95253, "certified minimum", null),
          claim("‖θ‖² large start", null, "", large?.squaredNorm),
        ];
      },
    },
  ],
};
