import type { Experiment } from "../experiment";
import { distinctKinks } from "../network";
import type { Run } from "../run";
import type { Frame } from "../../wire/frame";

/** What a step looks at. Its frame is there once the step's end is looked at: before, nothing that was measured is told. */
export interface Moment {
  run: Run;
  frame: Frame | undefined;
  previous: Run | undefined;
}

/** A number of theory beside the one that was measured; null where there is none (yet). */
export interface Claim {
  name: string;
  theory: number | null;
  /** Where theory's number is from. */
  source: string;
  measured: number | null;
}

/** A part of a story. It is told from the end of the one before it until its own, where time pauses: the moment that it speaks of. */
export interface StoryStep {
  until: number;
  heading: string;
  text: string;
  claims: (moment: Moment) => Claim[];
}

/** A guided experiment. */
export interface Story {
  name: string;
  title: string;
  lead: string;
  experiment: Experiment;
  /** The run that it is held against. */
  previous?: Experiment;
  /** Inputs that it names and the picture of the function shows, also where no sample is. */
  across?: readonly [number, number];
  /** Where the linear axis of losses ends, so that a low plateau is seen beside a start that is far above it. */
  lossUpTo?: number;
  steps: StoryStep[];
}

/** What a story tells at a time of its run. */
export interface Told {
  step: number;
  claims: Claim[];
  /** Whether more of what was measured is to come. */
  isAwaited: boolean;
}

/** The end of a step that lasts as long as the run. */
export const END = Infinity;

export function claim(name: string, theory: number | null, source: string, measured: number | null | undefined): Claim {
  return { name, theory, source, measured: measured === undefined || Number.isNaN(measured) ? null : measured };
}

/** The kinks of one sign that are seen; none where there is no frame. */
export function kinks(frame: Frame | undefined, sign: 1 | -1): number[] {
  return frame ? distinctKinks(frame).filter((kink) => kink.sign === sign).map((kink) => kink.position) : [];
}

/** The frame of the run beside at the moment of a step; that of its own end at the end. */
export function beside({ run, frame, previous }: Moment): Frame | undefined {
  return frame && previous?.frameAt(run.last === frame && run.finished ? END : frame.time);
}

/** What is told where a frame of a run is looked at. A run of something else tells nothing of a story. */
export function toldAt(story: Story, run: Run, index: number, previous: Run | undefined): Told {
  const isOfStory = run.experiment === story.experiment;
  const isEnd = run.finished !== undefined && index === run.frames.length - 1;
  const ends = story.steps.map(({ until }) => (isOfStory ? run.reached(until) : undefined));
  const step = !isOfStory ? 0 : isEnd ? story.steps.length - 1 : ends.findIndex((end) => end === undefined || end >= index);
  const compared = previous?.experiment === story.previous ? previous : undefined;
  const claims = story.steps[step]!.claims({ run, frame: ends[step] === index ? run.frames[index] : undefined, previous: compared });
  return { step, claims, isAwaited: ends[step] !== index || (story.previous !== undefined && !compared?.finished) };
}
