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

describe("a control that is set to what cannot be used", () => {
  const refuse = (field: string | null) => {
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    lab.ask({ width: 100_000 });
    socket.say({ kind: "error", request: socket.last("prepare"), message: "no", field });
    return { lab, socket };
  };

  it.each(["width", null])("is named, also where the server does not (%s)", (field) => {
    const { lab } = refuse(field);
    expect([lab.refused, lab.failure?.message, lab.experiment.width]).toEqual(["width", "no", 4]);
  });

  it("is right again with the value from before, and nothing runs for it", () => {
    const { lab, socket } = refuse("width");
    lab.ask({ width: 4 });
    expect([lab.refused, lab.failure, lab.status, socket.of("prepare").length]).toEqual([undefined, undefined, "", 2]);
  });

  it("is right at once with another value", () => {
    const { lab, socket } = refuse("width");
    lab.ask({ width: 5 });
    expect([lab.refused, lab.failure, socket.of("prepare").length]).toEqual([undefined, undefined, 3]);
  });

  it("is asked once more where nothing could be run at all", () => {
    const { lab, socket } = start();
    socket.say({ kind: "error", request: socket.last("prepare"), message: "no", field: "width" });
    lab.ask({ width: 4 });
    expect(socket.of("prepare").length).toBe(2);
  });

  it("is a file under its own name", () => {
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    lab.refuse("file", "time.csv is empty");
    expect([lab.refused, lab.status]).toEqual(["file", "time.csv is empty"]);
    lab.ask({ data: { points: { inputs: [[1]], targets: [[1]] } } });
    expect(lab.refused).toBeUndefined();
  });
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
