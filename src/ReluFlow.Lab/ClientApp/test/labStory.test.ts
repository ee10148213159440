import { describe, expect, it } from "vitest";
import { stateOf } from "../src/address";
import { STORIES } from "../src/model/stories";
import { decodeState, encodeState, stateOfStory } from "../src/model/urlState";
import { finished, FRAMES, prepared, runToTheEnd, sendFrames, start } from "./labAtServer";

describe("a story", () => {
  const story = STORIES[0]!;

  it.each([true, false])("begins at its start and waits there, which its address need not say (what moves may: %s)", (moves) => {
    const { lab, socket } = start(stateOfStory(story), moves);
    socket.say(prepared(socket.last("prepare")));
    sendFrames(socket);
    socket.say(finished(socket.last("run")));
    lab.player.advance(1);
    expect([lab.index, lab.player.playing]).toEqual([0, false]);
    expect(encodeState(stateOf(lab))).toBe(`#story=${story.name}`);
    lab.goTo(Infinity);
    expect(stateOf(lab)).toMatchObject({ story: story.name, frame: FRAMES - 1 });
    lab.enter(decodeState(encodeState(stateOf(lab)))!);
    socket.say(prepared(socket.last("prepare")));
    runToTheEnd(lab, socket);
    expect(lab.index).toBe(FRAMES - 1);
  });

  it("goes to the end of a step at once where nothing may move", () => {
    const { lab, socket } = start(stateOfStory(story));
    runToTheEnd(lab, socket);
    lab.next();
    expect([lab.frame!.time, lab.player.playing]).toEqual([7, false]);
  });
});

it("what is refused is named as on the page", () => {
  const { lab, socket } = start();
  socket.say({ kind: "error", request: socket.last("prepare"), message: "width is 0; a whole number is expected.", field: "width" });
  expect(lab.failure).toMatchObject({ field: "width", message: "Width m is 0; a whole number is expected." });
  expect(lab.status).toBe("Width m is 0; a whole number is expected.");
});

describe("theory that took too long", () => {
  it("is sought longer where that is asked for, and what is known of it stays meanwhile", () => {
    const { lab, socket } = start();
    socket.say({ ...prepared(socket.last("prepare")), theory: { plateaus: [0.5], cutShort: true } });
    runToTheEnd(lab, socket);
    lab.seekTheoryLonger();
    expect(socket.of("prepare").at(-1)).toMatchObject({ longer: true, experiment: lab.run.experiment });
    expect(socket.of("prepare")[0]).not.toHaveProperty("longer");
    socket.say({ ...prepared(socket.last("prepare")), theory: null, complete: false });
    expect([lab.run.theory.plateaus, lab.run.prepared!.complete]).toEqual([[0.5], false]);
    socket.say({ ...prepared(socket.last("prepare")), theory: { plateaus: [0.5, 0.25], cutShort: false } });
    expect(lab.run.theory.plateaus).toEqual([0.5, 0.25]);
    expect(lab.run.frames.length).toBe(FRAMES);
  });
});
