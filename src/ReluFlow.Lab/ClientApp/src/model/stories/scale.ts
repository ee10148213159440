import { DEFAULT_EXPERIMENT, type Experiment } from "../experiment";
import { distinctKinks } from "../network";
import { beside, claim, END, type Story } from "./story";

const SMALL: Experiment = { ...DEFAULT_EXPERIMENT, data: { builtin: "nonorthogonal-toy" }, scale: "1.2909944487358056e-4", time: 800, saves: 401, tolerance: 1e-9 };

/** A small start ends with three kinks, a large one with many. */
export const SCALE: Story = {
  name: "scale",
  title: "Small against large start",
  lead: "The same five samples and 60 neurons, from λ = 1.3·10⁻⁴ (green) and from λ = 2 (grey, behind it).",
  experiment: SMALL,
  previous: { ...SMALL, scale: "2" },
  across: [-2, 4.25],
  steps: [
    {
      until: 0, heading: "Two starts",
      text: "The large start is already a function with 60 kinks all over. The small one is zero.",
      claims: ({ frame }) => [claim("loss L, small start", 0.094, "Σy²/(2n)", frame?.loss)],
    },
    {
      until: 60, heading: "Lazy and rich",
      text: "Neurons of the large start hardly turn: each changes a little and together they bend the function through the samples. The small start first aligns, and grows one group of neurons at a time.",
      claims: (moment) => [claim("loss L, small start", null, "", moment.frame?.loss), claim("loss L, large start", null, "", beside(moment)?.loss)],
    },
    {
      until: 190, heading: "A saddle on the way",
      text: "With the first sample fitted and the last two on one ray, no neuron that is large can improve anything. The small start rests here for a while.",
      claims: ({ frame }) => [claim("loss L of the saddle", 0.038846153846153846, "derived from the open gates", frame?.loss)],
    },
    {
      until: END, heading: "Three kinks against many",
      text: "Both fit the samples. The small start does it with three kinks, one of which lies right of all samples, at 3.75, the large one with a crowd of them and a larger norm. Small is not always least: here the norm of the small start stays 5% above the minimum.",
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
