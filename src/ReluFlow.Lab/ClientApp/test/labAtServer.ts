import { Conversation } from "../src/conversation";
import { Lab } from "../src/lab";
import { DEFAULT_EXPERIMENT } from "../src/model/experiment";
import type { LabState } from "../src/model/urlState";
import { FakeServer, type FakeSocket } from "./fakeServer";
import { frameBytes } from "./frameBytes";

// Longer than a cursor has to rest.
export const REST = 1000;
export const FRAMES = 10;

export const prepared = (request: number) => ({ kind: "prepared", request, samples: 2, dimension: 2, outputs: 1, bias: true, complete: true });
export const finished = (request: number, status = "time-reached") => ({ kind: "finished", request, status, frames: FRAMES, logGradientNorms: [0, null], elapsed: 0 });
export const reduced = (request: number) => ({ kind: "reduced", request, width: 3, loss: 0, change: 0, bound: 0, inputs: [[1, 0]], outputs: [[1]], logNorms: [0] });

export function start(state: Partial<LabState> = {}, moves = false): { lab: Lab; server: FakeServer; socket: FakeSocket } {
  const server = new FakeServer();
  const lab = new Lab({ experiment: { ...DEFAULT_EXPERIMENT, width: 4 }, ...state }, () => {}, moves);
  lab.connect((listener) => new Conversation(server, listener));
  const socket = server.sockets[0]!;
  socket.open();
  return { lab, server, socket };
}

// Neurons 0 and 2 are positive, 1 and 3 negative.
export function sendFrames(socket: FakeSocket, count = FRAMES): void {
  const request = socket.last("run");
  for (let index = 0; index < count; index++) {
    socket.say(frameBytes({ neurons: 4, dimension: 2, samples: 2, request, index, time: index }));
  }
}

export function runToTheEnd(lab: Lab, socket: FakeSocket): void {
  if (socket.of("run").length === 0) {
    socket.say(prepared(socket.last("prepare")));
  }

  sendFrames(socket);
  socket.say(finished(socket.last("run")));
  lab.player.advance(0);
}
