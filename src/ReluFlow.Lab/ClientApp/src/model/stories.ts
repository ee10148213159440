import { DEFAULT_EXPERIMENT, type Experiment, type Points } from "./experiment";
import { cleanStarters, measuredShares, predictedShares, timeOfLoss } from "./measures";
import { distinctKinks } from "./network";
import type { Run } from "./run";
import type { Frame } from "../wire/frame";

/** What a step looks at. */
export interface Moment {
  run: Run;
  frame: Frame;
  previous: Run | undefined;
}

/** A number of theory beside the one that was measured; null where there is none (yet). */
export interface Comparison {
  name: string;
  theory: number | null;
  /** Where theory's number is from. */
  source: string;
  measured: number | null;
}

/** A part of a story: it is told from its time on. */
export interface StoryStep {
  time: number;
  heading: string;
  text: string;
  compare: (moment: Moment) => Comparison[];
}

/** A guided experiment. */
export interface Story {
  name: string;
  title: string;
  lead: string;
  experiment: Experiment;
  /** The run that it is held against. */
  previous?: Experiment;
  steps: StoryStep[];
}

const END = Infinity;

const compare = (name: string, theory: number | null, source: string, measured: number | null | undefined): Comparison => ({ name, theory, source, measured: measured ?? null });
const kinks = (frame: Frame, sign: number) => distinctKinks(frame).filter((kink) => kink.sign === sign).map((kink) => kink.position);
const lossAt = (run: Run | undefined, time: number) => (run?.last && run.last.time >= time ? run.frames[run.indexAt(time)]!.loss : null);

const LOG_SCALE = Math.log(1e6);
const [FASTER, SLOWER] = [Math.sqrt(5) / 2, Math.sqrt(1.25) / 2];
const LEAST_SQUARED_NORM = 2 * (1 / Math.sqrt(1.25) + 1 / Math.sqrt(5));

const ORTHOGONAL: Story = {
  name: "orthogonal",
  title: "From saddle to saddle",
  lead: "Two orthogonal samples, 60 neurons, a start of size 10⁻⁶.",
  experiment: { ...DEFAULT_EXPERIMENT, tolerance: 1e-9, saves: 401 },
  steps: [
    {
      time: 0, heading: "Nearly nothing",
      text: "Every neuron is about a millionth long, so f = 0 and the loss is that of zero: Σy²/(2n). The rings of the neurons' plane grow with the longest one, so that directions can be seen already.",
      compare: ({ frame }) => [compare("loss L", 0.5, "Σy²/(2n)", frame.loss)],
    },
    {
      time: 3, heading: "Neurons align",
      text: "Nothing moves in the loss. But the residual is constant, so every neuron turns towards the same two directions, one for each sign: tan(θ/2) shrinks like e^(−‖D‖t). Watch the stars gather above the two samples.",
      compare: ({ frame }) => [compare("loss L", 0.5, "first plateau", frame.loss)],
    },
    {
      time: 10.5, heading: "The first jump",
      text: "All the while norms grow like e^(‖D₊‖t): a straight line in the picture of norms. When the positive neurons reach order one the loss falls, at about ln(1/λ)/‖D₊‖. That is the leading order; the blue line has the correction too, which does not grow with ln(1/λ).",
      compare: ({ run }) => [compare("time of the jump", LOG_SCALE / FASTER, "ln(1/λ)/‖D₊‖, leading order", timeOfLoss(run, 0.375))],
    },
    {
      time: 16, heading: "The second saddle",
      text: "The positive sample is fitted, the negative one is not felt by anyone who is large. The network rests at L = ¼ while the negative neurons still grow.",
      compare: ({ run }) => [compare("loss L of the saddle", 0.25, "Σ y² over y < 0, /(2n)", lossAt(run, 18))],
    },
    {
      time: 23, heading: "The second jump",
      text: "D₋ is half as long as D₊, so these neurons need twice the time.",
      compare: ({ run }) => [compare("time of the jump", LOG_SCALE / SLOWER, "ln(1/λ)/‖D₋‖, leading order", timeOfLoss(run, 0.125))],
    },
    {
      time: END, heading: "The least norm",
      text: "The loss is zero, and of all networks that fit the samples this is the smallest: one kink a sign, each where the other sample lies. Initialised small, gradient flow has chosen it without being asked to.",
      compare: ({ run, frame }) => [
        compare("‖θ‖²", LEAST_SQUARED_NORM, "closed form of the minimum", frame.squaredNorm),
        compare("loss L", 0, "theorem: the flow interpolates", frame.loss),
        compare("positive kink", -0.5, "closed form", kinks(run.last ?? frame, 1)[0]),
        compare("negative kink", 2, "closed form", kinks(run.last ?? frame, -1)[0]),
      ],
    },
  ],
};

const NONORTHOGONAL: Experiment = { ...DEFAULT_EXPERIMENT, data: { builtin: "nonorthogonal-toy" }, scale: "1.2909944487358056e-4", time: 800, saves: 401, tolerance: 1e-9 };

const SCALE: Story = {
  name: "scale",
  title: "Small against large start",
  lead: "The same five samples and 60 neurons, from λ = 1.3·10⁻⁴ (green) and from λ = 2 (grey, behind it).",
  experiment: NONORTHOGONAL,
  previous: { ...NONORTHOGONAL, scale: "2" },
  steps: [
    {
      time: 0, heading: "Two starts",
      text: "The large start is already a function with 60 kinks all over. The small one is zero.",
      compare: ({ frame }) => [compare("loss L, small start", 0.094, "Σy²/(2n)", frame.loss)],
    },
    {
      time: 8, heading: "Lazy and rich",
      text: "Neurons of the large start hardly turn: each changes a little and together they bend the function through the samples. The small start first aligns, and grows one group of neurons at a time.",
      compare: ({ run, previous, frame }) => [compare("loss L, small start", null, "", frame.loss), compare("loss L, large start", null, "", lossAt(previous, run.frames[frame.index]?.time ?? 0))],
    },
    {
      time: 90, heading: "A saddle on the way",
      text: "With the first sample fitted and the last two on one ray, no neuron that is large can improve anything. The small start rests here for a while.",
      compare: ({ run }) => [compare("loss L of the saddle", 0.038846153846153846, "derived from the open gates", lossAt(run, 150))],
    },
    {
      time: END, heading: "Three kinks against many",
      text: "Both fit the samples. The small start does it with three kinks, one of which lies right of the picture at 3.75, the large one with a crowd of them and a larger norm. Small is not always least: here the norm of the small start stays 5% above the minimum.",
      compare: ({ run, previous, frame }) => [
        compare("kinks, small start", 3, "published", distinctKinks(frame).length),
        compare("kinks, large start", null, "many; no number is stated", previous?.finished && previous.last ? distinctKinks(previous.last).length : null),
        compare("‖θ‖² small start", 2 * 9.39604, "derived from the three kinks", frame.squaredNorm),
        compare("least ‖θ‖²", run.theory.minimumSquaredNorm?.primal ?? 2 * 8.95253, "certified minimum", null),
        compare("‖θ‖² large start", null, "", previous?.finished ? previous.last?.squaredNorm : null),
      ],
    },
  ],
};

const TRAP: Experiment = { ...DEFAULT_EXPERIMENT, data: { builtin: "nonorthogonal-toy-trap" }, time: 1000, stopLoss: 0, saves: 401, tolerance: 1e-9 };
const SLIDING_SADDLE = (0.09 + 0.26 - 0.275 ** 2 / 2.375) / 10;

const SLIDING: Story = {
  name: "sliding",
  title: "Sliding at a kink",
  lead: "Gradient flow (green) against gradient descent with step 0.01 (grey), from the same start.",
  experiment: TRAP,
  previous: { ...TRAP, method: "gradient-descent", step: 0.01 },
  steps: [
    {
      time: 0, heading: "One start, two laws",
      text: "Gradient descent is meant to follow the flow closely when its step is small. For a while the grey curve hides behind the green one.",
      compare: ({ frame }) => [compare("loss L", 0.087, "Σy²/(2n)", frame.loss)],
    },
    {
      time: 60, heading: "Held at a sample",
      text: "Positive neurons come to the sample at x = −1 and stay with their kink on it: on either side the gradient pushes them back. The flow slides along that boundary (Filippov's sense); descent, which cannot be on it, chatters across it.",
      compare: ({ run, frame }) => [
        compare("positive kink", -1, "the sample that holds it", kinks(frame, 1)[0]),
        compare("loss L", SLIDING_SADDLE, "derived: least squares of what is left", lossAt(run, 200)),
      ],
    },
    {
      time: 345, heading: "The flow leaves",
      text: "The flow keeps the balance |a_j| = ‖w_j‖ of every neuron, also of those that shrink, so some remain that can grow again, and when enough have grown the flow leaves. Each chattering step of descent breaks that balance a little, and its shrinking neurons die.",
      compare: ({ run, previous }) => [
        compare("time of leaving, flow", null, "where L has fallen by a tenth", timeOfLoss(run, 0.9 * SLIDING_SADDLE)),
        compare("loss L of descent", SLIDING_SADDLE, "a saddle where it stops", lossAt(previous, 600)),
      ],
    },
    {
      time: END, heading: "Two different ends",
      text: "The flow fits all five samples. Descent has stopped for good: its gradient vanishes at L = 0.0318, whatever small step it takes. The negative neurons of the flow still slide, along the sample at ¼.",
      compare: ({ frame, previous }) => [
        compare("loss L, flow", 0, "interpolation", frame.loss),
        compare("loss L, descent", SLIDING_SADDLE, "derived", previous?.finished ? previous.last?.loss : null),
        compare("first positive kink", -5 / 12, "derived", kinks(frame, 1)[0]),
        compare("negative kink", 0.25, "the sample it slides along", kinks(frame, -1)[0]),
      ],
    },
  ],
};

const THREE_POINTS: Experiment = {
  ...DEFAULT_EXPERIMENT, data: { builtin: "early-alignment-3pt" }, width: 200, scale: "1e-3", time: 10000, saves: 401, spacing: "log",
};
const LEAST_SQUARES_LOSS = 0.08752136752136752;

const ALIGNMENT: Story = {
  name: "alignment",
  title: "The early-alignment trap",
  lead: "Three samples and 200 neurons: many more than are needed, and still not fitted. Grey: the same from an unbalanced start.",
  experiment: THREE_POINTS,
  previous: { ...THREE_POINTS, scheme: "unbalanced" },
  steps: [
    {
      time: 0, heading: "Plenty of neurons",
      text: "Any three samples can be fitted by three neurons. Here are 200, each with |a| = ‖w‖.",
      compare: ({ frame }) => [compare("loss L", 0.31, "Σy²/(2n)", frame.loss)],
    },
    {
      time: 3, heading: "All of one mind",
      text: "While norms are tiny, the neurons that will be seen in f turn to a single direction, one that is active on all three samples; others turn away and stay tiny. Those that are seen act as one neuron, and on these samples one such neuron is a straight line. Its kink, at 10.46, is outside of the picture.",
      compare: ({ run }) => [compare("loss L", null, "", lossAt(run, 3))],
    },
    {
      time: 30, heading: "The best line",
      text: "One direction can do no better than the least-squares line (dashed). The gradient vanishes there: a spurious stationary point.",
      compare: ({ run }) => [compare("loss L", LEAST_SQUARES_LOSS, "least squares by hand", lossAt(run, 100))],
    },
    {
      time: 230, heading: "An escape that balance forbids",
      text: "The unbalanced start has neurons with |a| > ‖w‖, whose output weight can change its sign. Some such neuron leaves late, and the grey function bends. With balance, nobody is left who could.",
      compare: ({ run, previous }) => [
        compare("loss L, balanced", LEAST_SQUARES_LOSS, "least squares by hand", lossAt(run, 400)),
        compare("loss L, unbalanced", null, "", lossAt(previous, 400)),
      ],
    },
    {
      time: END, heading: "Stuck",
      text: "At t = 10,000 the balanced start is where it was, the unbalanced one has fitted the samples. More neurons do not help: their directions were lost at the beginning.",
      compare: ({ frame, previous }) => [
        compare("loss L, balanced", LEAST_SQUARES_LOSS, "least squares by hand", frame.loss),
        compare("kink", 10.458333333333334, "zero of the line", kinks(frame, 1)[0]),
        compare("loss L, unbalanced", 0, "interpolation", previous?.finished ? previous.last?.loss : null),
      ],
    },
  ],
};

/** Two opposite cones of samples, each of which one neuron of its sign can fit: y = ⟨(0.8, 0.6), x⟩ and y = −⟨(−0.6, −0.4), x⟩. */
const CONES: Points = {
  inputs: [[1, 0.5], [1, 1], [0.5, 1], [-1, -0.5], [-0.8, -1]],
  targets: [[1.1], [1.4], [1], [-0.8], [-0.88]],
};

function raceOf({ run, frame }: Moment, sign: 1 | -1, name: string): Comparison[] {
  const start = run.frames[0];
  const neurons = start ? cleanStarters(start, CONES.targets, sign) : [];
  if (!start || neurons.length === 0) {
    return [];
  }

  const predicted = predictedShares(start, neurons, CONES.inputs, CONES.targets, sign, false);
  const measured = measuredShares(frame, neurons);
  const first = predicted.indexOf(Math.max(...predicted));
  return [
    compare(`winner among the ${name}`, neurons[first]!, "largest head start ln‖w⁰‖² + 2 ln(1 + cos θ⁰)", neurons[measured.indexOf(Math.max(...measured))]!),
    compare(`its share among the ${name}`, predicted[first]!, "‖w⁰‖²(1 + cos θ⁰)² over the sum", measured[first]!),
  ];
}

const RACE: Story = {
  name: "race",
  title: "The race and its winners",
  lead: "Two inputs, no bias: positive samples up right, negative ones down left. Who will carry the function?",
  experiment: { ...DEFAULT_EXPERIMENT, data: { points: CONES }, bias: false, time: 110, saves: 401, tolerance: 1e-9 },
  steps: [
    {
      time: 0, heading: "At the line",
      text: "Each neuron starts with a direction and a tiny norm. Those that see all samples of their own sign and no other feel one constant pull D: for them the race is decided now, by the norm and by the angle θ⁰ to that pull.",
      compare: (moment) => [...raceOf(moment, 1, "positive"), ...raceOf(moment, -1, "negative")],
    },
    {
      time: 4, heading: "Turning and growing",
      text: "The angle decides what part of a neuron grows. A neuron that points away from its pull must first turn round, and loses time that it never gets back.",
      compare: (moment) => raceOf(moment, 1, "positive"),
    },
    {
      time: 13, heading: "The positive ones arrive",
      text: "All norms of a group now grow at one rate, so their ratios are settled: parallel lines in the picture of norms. The first of them to be large fit the positive samples together, in proportion to their norms.",
      compare: (moment) => [...raceOf(moment, 1, "positive"), compare("loss L of the saddle", (0.8 ** 2 + 0.88 ** 2) / 10, "Σ y² over y < 0, /(2n)", lossAt(moment.run, 26))],
    },
    {
      time: 31, heading: "The negative ones follow",
      text: "Their pull is weaker, so their race takes longer. It is run by the same rule.",
      compare: (moment) => raceOf(moment, -1, "negative"),
    },
    {
      time: END, heading: "The photograph",
      text: "The winners are those that the start named, with the shares that it named. Neurons that lost are not wrong, only late: merge a group, and the function stays as it is.",
      compare: (moment) => [...raceOf(moment, 1, "positive"), ...raceOf(moment, -1, "negative"), compare("loss L", 0, "interpolation", moment.frame.loss)],
    },
  ],
};

/** The stories in the order of the page. */
export const STORIES: readonly Story[] = [ORTHOGONAL, SCALE, SLIDING, ALIGNMENT, RACE];

/** The story of a name. */
export function storyNamed(name: string): Story | undefined {
  return STORIES.find((story) => story.name === name);
}

/** Which step is told at a time; the last one only at the end of the run. */
export function stepAt(story: Story, time: number, isEnd: boolean): number {
  return isEnd ? story.steps.length - 1 : Math.max(0, story.steps.findLastIndex((step) => step.time <= time));
}
