import { DEFAULT_EXPERIMENT, type Experiment, type Points } from "./experiment";
import { storyNamed } from "./stories";
import type { Story } from "./stories/story";

/** What the address of a page holds: whoever opens it sees the same. */
export interface LabState {
  experiment: Experiment;
  /** The run that is overlaid. A story brings its experiment and this along. */
  previous?: Experiment;
  story?: string;
  /** The saved time that is looked at; left out while it plays, at the end of a run and at the start of a story. */
  frame?: number;
  /** Neurons that are marked. */
  selected?: number[];
  logLoss?: boolean;
  trails?: boolean;
  speed?: number;
}

// A part of a page, as links name it.
const PART = /^#[A-Za-z][\w-]*$/;

const STORY = /^#story=([a-z-]+)$/;

/** The state of a story that has just begun. */
export function stateOfStory(story: Story): LabState {
  return { experiment: story.experiment, ...(story.previous ? { previous: story.previous } : {}), story: story.name };
}

/** The part of an address after and with #. Numbers come back as they were, to the last bit. */
export function encodeState(state: LabState): string {
  const story = state.story === undefined ? undefined : storyNamed(state.story);
  if (story && JSON.stringify(compact(state)) === JSON.stringify(compact(stateOfStory(story)))) {
    return `#story=${story.name}`;
  }

  return `#${quoted(JSON.stringify(compact(state)))}`;
}

/** The state that an address holds; null where it holds none. Throws where it is damaged. */
export function decodeState(hash: string): LabState | null {
  if (hash === "" || hash === "#" || PART.test(hash)) {
    return null;
  }

  const named = STORY.exec(hash)?.[1];
  if (named !== undefined) {
    const story = storyNamed(named);
    if (!story) {
      throw new Error(`the address names no story: '${named}'`);
    }

    return stateOfStory(story);
  }

  const packed = unpacked(hash.slice(1));
  if (typeof packed !== "object" || packed === null) {
    throw new Error("the address holds no state");
  }

  const story = typeof packed.story === "string" ? storyNamed(packed.story) : undefined;
  return checked({
    ...packed,
    experiment: { ...DEFAULT_EXPERIMENT, ...packed.experiment },
    ...(packed.previous ? { previous: { ...DEFAULT_EXPERIMENT, ...packed.previous } } : {}),
    ...(story ? stateOfStory(story) : {}),
  });
}

function unpacked(text: string): Partial<LabState> {
  try {
    return JSON.parse(decodeURIComponent(text.replace(/'|%22/g, '"'))) as Partial<LabState>;
  } catch {
    throw new Error(`what follows # is cut off or damaged; a state such as #{'experiment':{'width':60}} or a story such as #story=race is expected`);
  }
}

// Settings that are the default are left out; keys keep one order.
function compact(state: LabState): object {
  const { experiment, previous, story, frame, selected, logLoss, trails, speed } = state;
  return {
    ...(story ? { story } : { experiment: withoutDefaults(experiment), ...(previous ? { previous: withoutDefaults(previous) } : {}) }),
    ...(frame === undefined ? {} : { frame }),
    ...(selected?.length ? { selected } : {}),
    ...(logLoss ? { logLoss } : {}),
    ...(trails === false ? { trails } : {}),
    ...(speed === undefined || speed === 1 ? {} : { speed }),
  };
}

function withoutDefaults(experiment: Experiment): Partial<Experiment> {
  const entries = Object.entries(DEFAULT_EXPERIMENT).map(([key]) => [key, experiment[key as keyof Experiment]] as const);
  return Object.fromEntries(entries.filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULT_EXPERIMENT[key as keyof Experiment])));
}

// Apostrophes in place of quotation marks, which browsers would make three characters each; what else they would change is escaped.
function quoted(json: string): string {
  return json.replace(/[^"!-~]|[%'<>`\\^|#]/gu, encoded).replaceAll('"', "'");
}

function encoded(character: string): string {
  return character === "'" ? "%27" : encodeURIComponent(character);
}

// An address is written by anyone: what is not of the right kind is refused here, what is out of range by the server.
function checked(state: LabState): LabState {
  for (const experiment of [state.experiment, state.previous].filter((e) => e !== undefined)) {
    for (const [key, value] of Object.entries(DEFAULT_EXPERIMENT)) {
      const given = experiment[key as keyof Experiment];
      if (typeof given !== typeof value) {
        throw new Error(`the address says ${key}: ${JSON.stringify(given)}, expected a ${typeof value}`);
      }
    }

    if ("points" in experiment.data && !arePoints(experiment.data.points)) {
      throw new Error("the address holds points that are not as many inputs as targets, all numbers");
    }
  }

  const whole = (value: unknown) => value === undefined || (Number.isInteger(value) && (value as number) >= 0);
  const right = whole(state.frame) && (state.selected === undefined || (Array.isArray(state.selected) && state.selected.every(whole)))
    && (state.speed === undefined || (typeof state.speed === "number" && state.speed > 0)) && (state.story === undefined || storyNamed(state.story) !== undefined);
  if (!right) {
    throw new Error("the address holds a time, neuron, speed or story that is none");
  }

  return state;
}

function arePoints(points: Partial<Points> | undefined): boolean {
  const rows = (part: unknown) => (Array.isArray(part) && part.every((row) => Array.isArray(row) && row.length === (part[0] as unknown[]).length && row.every(Number.isFinite)) ? part.length : -1);
  return rows(points?.inputs) > 0 && rows(points?.inputs) === rows(points?.targets);
}
