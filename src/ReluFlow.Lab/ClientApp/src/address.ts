import type { Lab } from "./lab";
import { DEFAULT_EXPERIMENT } from "./model/experiment";
import { STORIES } from "./model/stories";
import { decodeState, encodeState, stateOfStory, type LabState } from "./model/urlState";

// Browsers refuse more than a hundred changes of the address in half a minute.
const MILLISECONDS_BETWEEN = 400;

/** The state that a page begins with: the one that its address holds, or the first story where it holds none; and what is wrong with the address. */
export function firstState(): { state: LabState; failure: string } {
  const { state, failure } = readAddress();
  return { state: state ?? (failure ? { experiment: DEFAULT_EXPERIMENT } : stateOfStory(STORIES[0]!)), failure };
}

function readAddress(): { state: LabState | null; failure: string } {
  try {
    return { state: decodeState(location.hash), failure: "" };
  } catch (error) {
    return { state: null, failure: `The address cannot be read: ${(error as Error).message}.` };
  }
}

/** All that is needed to see the same again: what is on its way counts as reached. */
export function stateOf(lab: Lab): LabState {
  const { player, experiment, comparison: { experiment: compared }, restingIndex, story } = lab;
  return {
    experiment,
    ...(compared ? { previous: compared } : {}),
    ...(story ? { story: story.name } : {}),
    ...(restingIndex === undefined ? {} : { frame: restingIndex }),
    selected: [...lab.selected], logLoss: lab.logLoss, trails: lab.trails, speed: player.speed,
  };
}

/** Keeps the address of the page at what it shows. While time runs the address holds none. */
export class Address {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly lab: Lab) {}

  /** Goes over to the state that another address holds; one that holds none leaves all as it is. */
  enter(): void {
    const { state, failure } = readAddress();
    if (state) {
      this.lab.enter(state);
    }

    this.lab.notice = failure;
    this.lab.redraw();
  }

  follow(): void {
    this.timer ??= setTimeout(() => this.write(), MILLISECONDS_BETWEEN);
  }

  private write(): void {
    this.timer = undefined;
    const address = encodeState(stateOf(this.lab));
    if (address !== location.hash) {
      history.replaceState(null, "", address);
    }
  }
}
