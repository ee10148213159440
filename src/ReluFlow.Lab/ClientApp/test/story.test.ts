import { describe, expect, it } from "vitest";
import { DEFAULT_EXPERIMENT } from "../src/model/experiment";
import { Player } from "../src/model/player";
import { Run } from "../src/model/run";
import { STORIES } from "../src/model/stories";
import { claim, END, toldAt, type Story } from "../src/model/stories/story";
import { decodeFrame } from "../src/wire/frame";
import type { Finished } from "../src/wire/messages";
import { frameBytes } from "./frameBytes";

const SAVES = 41;

// Longer than the whole run takes at any speed.
const LONG = 60;

const experiment = { ...DEFAULT_EXPERIMENT, saves: SAVES };
const previous = { ...experiment, seed: 2 };
const story: Story = {
  name: "test", title: "", lead: "", experiment, previous,
  steps: [0, 10, 20.5, END].map((until) => ({
    until, heading: "", text: "",
    claims: ({ frame, previous: beside }) => [claim("L", 1, "", frame?.loss), claim("L beside", 2, "", frame && beside?.frameAt(frame.time)?.loss)],
  })),
};

// Time and loss of frame i are i.
function grow(run: Run, count: number, ends = false): Run {
  for (let index = run.frames.length; index < count; index++) {
    run.add(decodeFrame(frameBytes({ neurons: 2, dimension: 2, samples: 1, index, time: index, loss: index })));
  }

  if (ends) {
    run.finished = { kind: "finished" } as Finished;
  }

  return run;
}

function playerOf(run: Run): Player {
  const player = new Player(run, () => story.steps.map(({ until }) => until));
  player.follow(run, false);
  return player;
}

describe("playing a story", () => {
  it("pauses at each step's end, however long a redraw takes", () => {
    const player = playerOf(grow(new Run(experiment), SAVES, true));
    player.speed = 8;
    const seen = [10, 20, 40].map(() => {
      player.next();
      player.advance(LONG);
      return [player.index, player.playing];
    });
    expect(seen).toEqual([[10, false], [20, false], [40, false]]);
  });

  it("does not skip a step where it is asked for twice", () => {
    const player = playerOf(grow(new Run(experiment), SAVES, true));
    player.next();
    player.advance(1);
    expect([player.playing, player.index > 0 && player.index < 10]).toEqual([true, true]);
    player.next();
    player.advance(LONG);
    expect([player.index, player.playing]).toEqual([10, false]);
  });

  it("waits for frames, and does not run past the pause when many come at once", () => {
    const run = grow(new Run(experiment), 5);
    const player = playerOf(run);
    player.next();
    player.advance(LONG);
    player.next();
    player.advance(LONG);
    expect([player.index, player.playing]).toEqual([4, true]);
    grow(run, 30);
    player.advance(LONG);
    expect([player.index, player.playing]).toEqual([10, false]);
  });
});

describe("what a story tells", () => {
  const told = (run: Run, index: number, beside?: Run) => {
    const { step, claims, isAwaited } = toldAt(story, run, index, beside);
    return [step, claims.map(({ measured }) => measured), isAwaited];
  };

  it("is measured at a step's end alone", () => {
    const run = grow(new Run(experiment), SAVES, true);
    const beside = grow(new Run(previous), SAVES, true);
    expect(told(run, 0, beside)).toEqual([0, [0, 0], false]);
    expect(told(run, 9, beside)).toEqual([1, [null, null], true]);
    expect(told(run, 10, beside)).toEqual([1, [10, 10], false]);
    expect(told(run, 11, beside)).toEqual([2, [null, null], true]);
    expect(told(run, 20, beside)).toEqual([2, [20, 20], false]);
    expect(told(run, 40, beside)).toEqual([3, [40, 40], false]);
  });

  it("is nothing of a run that has half arrived", () => {
    const run = grow(new Run(experiment), 10);
    const beside = grow(new Run(previous), 5);
    expect(told(run, 9, beside)).toEqual([1, [null, null], true]);
    grow(run, 30);
    expect(told(run, 10, beside)).toEqual([1, [10, null], true]);
    expect(told(run, 29, beside)).toEqual([3, [null, null], true]);
    grow(beside, 11);
    expect(told(run, 10, beside)).toEqual([1, [10, 10], true]);
  });

  it("is nothing of a run of something else", () => {
    const run = grow(new Run({ ...experiment }), SAVES, true);
    expect(told(run, 40)).toEqual([0, [null, null], true]);
    expect(told(grow(new Run(experiment), SAVES, true), 40, run)).toEqual([3, [40, null], true]);
  });
});

describe("the stories", () => {
  it.each(STORIES.map((each) => [each.name, each] as const))("%s goes forward in time to the end", (_, { steps, experiment: { time } }) => {
    const ends = steps.map(({ until }) => until);
    expect(ends[0]).toBe(0);
    expect(ends.at(-1)).toBe(END);
    ends.slice(1).forEach((end, i) => expect(end).toBeGreaterThan(ends[i]!));
    expect(ends.at(-2)).toBeLessThan(time);
  });
});
