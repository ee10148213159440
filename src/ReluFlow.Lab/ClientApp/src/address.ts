import type { Lab } from "./lab";
import { DEFAULT_EXPERIMENT } from "./model/experiment";
import { STORIES } from "./model/stories";
import { decodeState, encodeState, stateOfStory, type LabState } from "./model/urlState";

// Browsers refuse more than a hundred changes of the address in half a minute.
const MILLISECONDS_BETWEEN = 400;

/** The state that the page's address holds, the first story where it holds none, and what is wrong with it. */
export function readAddress(): { state: LabState; failure: string } {
  try {
    return { state: decodeState(location.hash) ?? stateOfStory(STORIES[0]!), failure: "" };
  } catch (error) {
    return { state: { experiment: DEFAULT_EXPERIMENT }, failure: `The address cannot be read: ${(error as Error).message}.` };
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
