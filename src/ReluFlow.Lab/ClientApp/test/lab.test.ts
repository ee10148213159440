import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Address, stateOf } from "../src/address";
import { Conversation } from "../src/conversation";
import { Lab } from "../src/lab";
import { DEFAULT_EXPERIMENT } from "../src/model/experiment";
import { decodeState, encodeState, type LabState } from "../src/model/urlState";
import { FakeServer, type FakeSocket } from "./fakeServer";
import { finished, FRAMES, prepared, reduced, REST, runToTheEnd, sendFrames, start } from "./labAtServer";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the ledger", () => {
  it("is asked for once the cursor rests, one at a time, and the latest wish wins", () => {
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    vi.advanceTimersByTime(REST);
    socket.say({ kind: "ledger", request: socket.last("ledger"), frame: 9, neurons: [], clusters: [] });
    expect(socket.of("ledger").length).toBe(1);

    for (let i = 0; i < 100; i++) {
      lab.moveToTime(i % 5);
      vi.advanceTimersByTime(5);
    }

    vi.advanceTimersByTime(REST);
    expect(socket.of("ledger").map(({ frame }) => frame)).toEqual([9, 4]);

    // It is under way: others wait for it, and only the last of them is asked.
    for (const time of [1, 2, 3]) {
      lab.moveToTime(time);
      vi.advanceTimersByTime(REST);
    }

    expect(socket.of("ledger").length).toBe(2);
    socket.say({ kind: "ledger", request: socket.last("ledger"), frame: 4, neurons: [], clusters: [] });
    expect(lab.run.ledger).toBeUndefined();
    expect(socket.of("ledger").map(({ frame }) => frame)).toEqual([9, 4, 3]);
    socket.say({ kind: "ledger", request: socket.last("ledger"), frame: 3, neurons: [], clusters: [] });
    expect(lab.run.ledger?.frame).toBe(3);
  });

  it("that is refused lets the next one be asked", () => {
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    vi.advanceTimersByTime(REST);
    socket.say({ kind: "error", request: socket.last("ledger"), message: "no" });
    lab.moveToTime(2);
    vi.advanceTimersByTime(REST);
    expect(socket.of("ledger").map(({ frame }) => frame)).toEqual([9, 2]);
    expect(lab.failure).toBeUndefined();
  });
});

describe("merging what is marked", () => {
  it("parts it by sign", () => {
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    lab.select([0, 1, 2, 3]);
    lab.reductions.ask(false);
    expect(socket.of("reduce").at(-1)).toMatchObject({ merge: [[0, 2], [1, 3]], prune: [] });

    lab.select([0, 1, 3]);
    lab.reductions.ask(false);
    expect(socket.of("reduce").at(-1)).toMatchObject({ merge: [[1, 3]], prune: [] });

    lab.select([0, 1]);
    lab.reductions.ask(false);
    expect(socket.of("reduce").length).toBe(2);
    expect(lab.status).toContain("Nothing to merge");
  });

  it("is shown at its own time alone", () => {
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    lab.moveToTime(3);
    lab.select([0, 2, 1]);
    lab.reductions.ask(false);
    lab.moveToTime(5);
    socket.say(reduced(socket.last("reduce")));
    expect(lab.reduced).toBeUndefined();
    lab.moveToTime(3);
    expect(lab.reduced!.words).toBe("At t = 3 2 neurons merged into 1");
  });

  it("is not shown on another run", () => {
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    lab.select([0]);
    lab.reductions.ask(true);
    const request = socket.last("reduce");
    lab.runNow();
    runToTheEnd(lab, socket);
    socket.say(reduced(request));
    expect(lab.reduced).toBeUndefined();
  });
});

describe("the run beside", () => {
  const previous = { ...DEFAULT_EXPERIMENT, width: 3 };

  function startWithOneBeside() {
    const parts = start({ previous });
    parts.socket.say(prepared(parts.socket.last("prepare")));
    const beside = parts.server.sockets[1]!;
    beside.open();
    sendFrames(beside, 3);
    return { ...parts, beside };
  }

  it.each<[string, (lab: Lab, socket: FakeSocket) => void]>([
    ["another state is entered", (lab) => lab.enter({ experiment: DEFAULT_EXPERIMENT })],
    ["comparing is stopped", (lab) => lab.comparison.stop()],
    ["another run takes its place", (lab, socket) => {
      runToTheEnd(lab, socket);
      lab.ask({ seed: 2 });
      socket.say(prepared(socket.last("prepare")));
    }],
  ])("ends when %s", (_, act) => {
    const { lab, socket, beside } = startWithOneBeside();
    expect(lab.previous?.frames.length).toBe(3);
    act(lab, socket);
    expect(beside.readyState).toBe(3);
    expect(lab.previous?.experiment.width).not.toBe(3);
  });

  it("is left out where its connection drops, and is not tried again", () => {
    const { lab, server, beside } = startWithOneBeside();
    beside.close();
    vi.advanceTimersByTime(60_000);
    expect(lab.previous).toBeUndefined();
    expect(lab.status).toContain("The run to compare with: its connection to the server is lost");
    expect(server.sockets.length).toBe(2);
  });

  it("is left out where it is refused", () => {
    const { lab, beside } = startWithOneBeside();
    beside.say({ kind: "error", request: beside.last("run"), message: "too many" });
    expect(lab.previous).toBeUndefined();
    expect(beside.readyState).toBe(3);
    expect(lab.status).toBe("The run to compare with: too many");
  });
});

it("a run that waits for another says so", () => {
  const { lab, socket } = start();
  socket.say(prepared(socket.last("prepare")));
  socket.say({ kind: "waiting", request: socket.last("run") });
  expect(lab.status).toBe("Waiting for another run to end …");
  socket.say({ kind: "started", request: socket.last("run"), id: "a", width: 4, dimension: 2, outputs: 1, samples: 2 });
  expect(lab.status).toBe("Computing …");
});

describe("running again", () => {
  it("compares the frames", () => {
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    lab.runNow();
    runToTheEnd(lab, socket);
    expect(lab.status).toContain("bit for bit");
  });

  it.each([true, false])("says nothing where a run was cut short (the first: %s)", (first) => {
    const { lab, socket } = start();
    for (const cut of [first, !first]) {
      if (socket.of("run").length > 0) {
        lab.runNow();
      } else {
        socket.say(prepared(socket.last("prepare")));
      }

      sendFrames(socket, cut ? 4 : FRAMES);
      socket.say(finished(socket.last("run"), cut ? "interrupted" : "time-reached"));
    }

    expect(lab.status).not.toContain("frames");
  });
});

describe("the address", () => {
  it("holds the state that is opened, at every moment until it is reached", () => {
    const state: LabState = { experiment: { ...DEFAULT_EXPERIMENT, width: 4, seed: 5 }, previous: { ...DEFAULT_EXPERIMENT, width: 3 }, frame: 7, selected: [1], logLoss: true, trails: true, speed: 2 };
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    lab.enter(state);
    const seen = () => decodeState(encodeState(stateOf(lab)));
    const wanted = decodeState(encodeState(state));
    expect(seen()).toEqual(wanted);
    socket.say(prepared(socket.last("prepare")));
    expect(seen()).toEqual(wanted);
    sendFrames(socket, 3);
    lab.player.advance(0);
    expect(seen()).toEqual(wanted);
    sendFrames(socket);
    socket.say(finished(socket.last("run")));
    lab.player.advance(0);
    expect(lab.index).toBe(7);
    expect(seen()).toEqual(wanted);
  });

  it("holds what is seen where a state is refused", () => {
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    lab.enter({ experiment: { ...DEFAULT_EXPERIMENT, width: 0 }, previous: DEFAULT_EXPERIMENT });
    socket.say({ kind: "error", request: socket.last("prepare"), message: "width", field: "width" });
    expect(stateOf(lab)).toMatchObject({ experiment: { width: 4 } });
    expect(stateOf(lab).previous).toBeUndefined();
  });
});

it("the address is kept while time runs too", () => {
  const replaceState = vi.fn();
  vi.stubGlobal("location", { hash: "" });
  vi.stubGlobal("history", { replaceState });
  const { lab, socket } = start();
  runToTheEnd(lab, socket);
  const address = new Address(lab);
  lab.player.play();
  for (let i = 0; i < 100; i++) {
    address.follow();
  }

  vi.advanceTimersByTime(REST);
  expect(replaceState).toHaveBeenCalledExactlyOnceWith(null, "", "#{'experiment':{'width':4}}");
  vi.unstubAllGlobals();
});

describe("an address that is gone over to", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it.each([["#transport", ""], ["", ""], ["#{bad", "The address cannot be read: "], ["#story=none", "The address cannot be read: "]])("leaves all as it is where it is '%s'", (hash, said) => {
    vi.stubGlobal("location", { hash });
    const { lab, socket } = start({ selected: [1] });
    runToTheEnd(lab, socket);
    lab.moveToTime(3);
    new Address(lab).enter();
    expect([lab.index, [...lab.selected], socket.of("prepare").length]).toEqual([3, [1], 1]);
    expect(lab.notice.startsWith(said) && (said !== "" || lab.notice === "")).toBe(true);
  });

  it("is seen where it holds a state", () => {
    vi.stubGlobal("location", { hash: "#{'experiment':{'width':3}}" });
    const { lab, socket } = start();
    runToTheEnd(lab, socket);
    new Address(lab).enter();
    expect(lab.experiment.width).toBe(3);
  });
});

it("the norms of gradients come with the end of the run", () => {
  const { lab, socket } = start();
  runToTheEnd(lab, socket);
  expect(lab.run.logGradients).toEqual([0, null]);
});

describe("a page that is not let in", () => {
  it("says why and does not try again", async () => {
    const server = new FakeServer();
    server.reason = "an access token is expected";
    const lab = new Lab({ experiment: DEFAULT_EXPERIMENT }, () => {}, false);
    lab.connect((listener) => new Conversation(server, listener));
    server.sockets[0]!.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lab.status).toContain("an access token is expected");
    expect(server.sockets.length).toBe(1);
  });

  it("tries again where nobody answers", async () => {
    const server = new FakeServer();
    const lab = new Lab({ experiment: DEFAULT_EXPERIMENT }, () => {}, false);
    lab.connect((listener) => new Conversation(server, listener));
    server.sockets[0]!.close();
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.sockets.length).toBe(2);
  });
});
