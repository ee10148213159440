import { DEFAULT_EXPERIMENT, type Experiment } from "../experiment";
import { beside, claim, END, kinks, type Story } from "./story";

const BALANCED: Experiment = {
  ...DEFAULT_EXPERIMENT, data: { builtin: "early-alignment-3pt" }, width: 200, scale: "1e-3", time: 10000, saves: 401, spacing: "log",
};
const LEAST_SQUARES_LOSS = 0.08752136752136752;
const ZERO_OF_LINE = 10.458333333333334;

/** 200 neurons align into one direction and cannot fit three samples. */
export const ALIGNMENT: Story = {
  name: "alignment",
  title: "The early-alignment trap",
  lead: "Three samples and 200 neurons: many more than are needed, and still not fitted. Grey: the same from an unbalanced start.",
  experiment: BALANCED,
  previous: { ...BALANCED, scheme: "unbalanced" },
  across: [-1.25, 11.5],
  steps: [
    {
      until: 0, heading: "Plenty of neurons",
      text: "Any three samples can be fitted by three neurons. Here are 200, each with |a| = ‖w‖.",
      claims: ({ frame }) => [claim("loss L", 0.31, "Σy²/(2n)", frame?.loss)],
    },
    {
      until: 5, heading: "All of one mind",
      text: "While norms are tiny, the neurons that will be seen in f turn to a single direction, one that is active on all three samples; others turn away and stay tiny. Those that are seen act as one neuron, and on these samples one such neuron is a straight line.",
      claims: ({ frame }) => [claim("loss L", 0.31, "still nearly that of f = 0", frame?.loss)],
    },
    {
      until: 200, heading: "The best line",
      text: "One direction can do no better than the least-squares line (dashed), whose kink is far to the right of the samples. The gradient vanishes there: a spurious stationary point.",
      claims: ({ frame }) => [
        claim("loss L", LEAST_SQUARES_LOSS, "least squares by hand", frame?.loss),
        claim("kink", ZERO_OF_LINE, "zero of the line", kinks(frame, 1)[0]),
      ],
    },
    {
      until: 400, heading: "An escape that balance forbids",
      text: "The unbalanced start has neurons with |a| > ‖w‖, whose output weight can change its sign. Some such neuron leaves late, and the grey function bends. With balance, nobody is left who could.",
      claims: (moment) => [
        claim("loss L, balanced", LEAST_SQUARES_LOSS, "least squares by hand", moment.frame?.loss),
        claim("loss L, unbalanced", null, "", beside(moment)?.loss),
      ],
    },
    {
      until: END, heading: "Stuck",
      text: "At t = 10,000 the balanced start is where it was, the unbalanced one has fitted the samples. More neurons do not help: their directions were lost at the beginning.",
      claims: (moment) => [
        claim("loss L, balanced", LEAST_SQUARES_LOSS, "least squares by hand", moment.frame?.loss),
        claim("kink", ZERO_OF_LINE, "zero of the line", kinks(moment.frame, 1)[0]),
        claim("loss L, unbalanced", 0, "interpolation", beside(moment)?.loss),
      ],
    },
  ],
};
