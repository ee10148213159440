import type { Entrance } from "../src/wire/session";

/** A socket without a network: keeps what is sent, and says what a test has it say. */
export class FakeSocket extends EventTarget {
  readonly OPEN = 1;
  binaryType = "";
  readyState = 0;
  readonly sent: Record<string, unknown>[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  open(): void {
    this.readyState = this.OPEN;
    this.dispatchEvent(new Event("open"));
  }

  close(): void {
    if (this.readyState < 3) {
      this.readyState = 3;
      this.dispatchEvent(new Event("close"));
    }
  }

  say(data: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: data instanceof ArrayBuffer ? data : JSON.stringify(data) }));
  }

  /** The requests of a kind. */
  of(kind: string): Record<string, unknown>[] {
    return this.sent.filter((message) => message["kind"] === kind);
  }

  /** The number of the last request of a kind. */
  last(kind: string): number {
    return this.of(kind).at(-1)!["request"] as number;
  }
}

/** A server that a test plays. */
export class FakeServer implements Entrance {
  readonly sockets: FakeSocket[] = [];
  reason: string | undefined;

  open(): WebSocket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  }

  refusal(): Promise<string | undefined> {
    return Promise.resolve(this.reason);
  }
}
