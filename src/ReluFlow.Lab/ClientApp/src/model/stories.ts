import { ALIGNMENT } from "./stories/alignment";
import { ORTHOGONAL } from "./stories/orthogonal";
import { RACE } from "./stories/race";
import { SCALE } from "./stories/scale";
import { SLIDING } from "./stories/sliding";
import type { Story } from "./stories/story";

/** The stories in the order of the page. */
export const STORIES: readonly Story[] = [ORTHOGONAL, SCALE, SLIDING, ALIGNMENT, RACE];

/** The story of a name. */
export function storyNamed(name: string): Story | undefined {
  return STORIES.find((story) => story.name === name);
}
