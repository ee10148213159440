import type { Experiment } from "../model/experiment";
import { decodeFrame, type Frame } from "./frame";
import type { ServerMessage } from "./messages";

const FIRST_CREDIT = 64;
const LONGEST_WAIT = 15_000;

/** What a session tells. */
export interface SessionListener {
  message(message: ServerMessage): void;
  /** Takes a frame; says whether it wants more. */
  frame(frame: Frame): boolean;
  connection(open: boolean): void;
}

/** The way to the server. */
export interface Entrance {
  open(): WebSocket;
  /** Why the server lets this page in at no time; undefined where it may, or where nobody answers. */
  refusal(): Promise<string | undefined>;
}

/** The page's one connection: requests go out in order, and a lost connection is made again. */
export class Session {
  private socket: WebSocket | undefined;
  private requests = 0;
  private failures = 0;
  private closed = false;
  private waiting: string[] = [];

  constructor(
    private readonly entrance: Entrance,
    private readonly listener: SessionListener,
  ) {
    this.connect();
  }

  prepare(experiment: Experiment, longer = false): number {
    return this.ask({ kind: "prepare", experiment, ...(longer ? { longer } : {}) });
  }

  run(experiment: Experiment): number {
    return this.ask({ kind: "run", experiment, credit: FIRST_CREDIT });
  }

  cancel(request: number): void {
    this.send({ kind: "cancel", request });
  }

  ledger(of: number, frame: number): number {
    return this.ask({ kind: "ledger", of, frame });
  }

  reduce(of: number, frame: number, merge: number[][], prune: number[]): number {
    return this.ask({ kind: "reduce", of, frame, merge, prune });
  }

  /** Ends the connection for good. */
  close(): void {
    this.closed = true;
    this.socket?.close();
  }

  private ask(message: object): number {
    const request = ++this.requests;
    this.send({ ...message, request });
    return request;
  }

  private send(message: object): void {
    const text = JSON.stringify(message);
    if (this.socket && this.socket.readyState === this.socket.OPEN) {
      this.socket.send(text);
    } else {
      this.waiting.push(text);
    }
  }

  private connect(): void {
    if (this.closed) {
      return;
    }

    const socket = this.entrance.open();
    let opened = false;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      opened = true;
      this.failures = 0;
      this.listener.connection(true);
      this.waiting.splice(0).forEach((text) => socket.send(text));
    });
    socket.addEventListener("message", ({ data }) => this.receive(data as string | ArrayBuffer));
    socket.addEventListener("close", () => void this.lost(opened));
    this.socket = socket;
  }

  // What was asked of a connection that is gone is answered by nobody.
  private async lost(opened: boolean): Promise<void> {
    if (this.closed) {
      return;
    }

    this.waiting = [];
    this.listener.connection(false);
    const refusal = opened ? undefined : await this.entrance.refusal();
    if (refusal !== undefined) {
      this.closed = true;
      this.listener.message({ kind: "error", request: 0, message: `The server does not let this page in: ${refusal}` });
      return;
    }

    setTimeout(() => this.connect(), Math.min(LONGEST_WAIT, 500 * 2 ** this.failures++));
  }

  private receive(data: string | ArrayBuffer): void {
    if (typeof data === "string") {
      this.listener.message(JSON.parse(data) as ServerMessage);
    } else {
      this.receiveFrame(data);
    }
  }

  private receiveFrame(data: ArrayBuffer): void {
    try {
      const frame = decodeFrame(data);
      if (this.listener.frame(frame)) {
        this.send({ kind: "credit", request: frame.request, frames: 1 });
      }
    } catch (error) {
      this.listener.message({ kind: "error", request: 0, message: `The server sent something damaged: ${(error as Error).message}.` });
    }
  }
}
