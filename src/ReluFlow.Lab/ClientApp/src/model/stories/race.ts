import { DEFAULT_EXPERIMENT, type Points } from "../experiment";
import { cleanStarters, measuredShares, predictedShares } from "../measures";
import { claim, END, type Claim, type Moment, type Story } from "./story";

/** Two opposite cones of samples, each of which one neuron of its sign can fit: y = ⟨(0.8, 0.6), x⟩ and y = −⟨(−0.6, −0.4), x⟩. */
const CONES: Points = {
  inputs: [[1, 0.5], [1, 1], [0.5, 1], [-1, -0.5], [-0.8, -1]],
  targets: [[1.1], [1.4], [1], [-0.8], [-0.88]],
};

/** The winner of a group and its share: as the start names them, and as they are. */
function winner({ run, frame }: Moment, sign: 1 | -1): Claim[] {
  const start = run.frames[0];
  const neurons = start ? cleanStarters(start, CONES.targets, sign) : [];
  if (!start || neurons.length === 0) {
    return [];
  }

  const name = sign > 0 ? "positive" : "negative";
  const predicted = predictedShares(start, neurons, CONES.inputs, CONES.targets, sign, false);
  const measured = frame && measuredShares(frame, neurons);
  const first = predicted.indexOf(Math.max(...predicted));
  return [
    claim(`winner among the ${name}`, neurons[first]!, "largest head start ln‖w⁰‖² + 2 ln(1 + cos θ⁰)", measured && neurons[measured.indexOf(Math.max(...measured))]),
    claim(`its share among the ${name}`, predicted[first]!, "‖w⁰‖²(1 + cos θ⁰)² over the sum", measured?.[first]),
  ];
}

/** Who wins is settled by ‖w⁰‖²(1 + cos θ⁰)² at the start. */
export const RACE: Story = {
  name: "race",
  title: "The race and its winners",
  lead: "Two inputs, no bias: positive samples up right, negative ones down left. Who will carry the function?",
  experiment: { ...DEFAULT_EXPERIMENT, data: { points: CONES }, bias: false, time: 110, saves: 401, tolerance: 1e-9 },
  steps: [
    {
      until: 0, heading: "At the line",
      text: "Each neuron starts with a direction and a tiny norm. Those that see all samples of their own sign and no other feel one constant pull D: for them the race is decided now, by the norm and by the angle θ⁰ to that pull.",
      claims: (moment) => [...winner(moment, 1), ...winner(moment, -1)],
    },
    {
      until: 10, heading: "Turning and growing",
      text: "The angle decides what part of a neuron grows. A neuron that points away from its pull must first turn round, and loses time that it never gets back.",
      claims: (moment) => winner(moment, 1),
    },
    {
      until: 23, heading: "The positive ones arrive",
      text: "All norms of a group now grow at one rate, so their ratios are settled: parallel lines in the picture of norms. The first of them to be large fit the positive samples together, in proportion to their norms.",
      claims: (moment) => [...winner(moment, 1), claim("loss L of the saddle", (0.8 ** 2 + 0.88 ** 2) / 10, "Σ y² over y < 0, /(2n)", moment.frame?.loss)],
    },
    {
      until: 42, heading: "The negative ones follow",
      text: "Their pull is weaker, so their race takes longer. It is run by the same rule.",
      claims: (moment) => winner(moment, -1),
    },
    {
      until: END, heading: "The photograph",
      text: "The winners are those that the start named, with the shares that it named. Neurons that lost are not wrong, only late: merge a group, and the function stays as it is.",
      claims: (moment) => [...winner(moment, 1), ...winner(moment, -1), claim("loss L", 0, "interpolation", moment.frame?.loss)],
    },
  ],
};
