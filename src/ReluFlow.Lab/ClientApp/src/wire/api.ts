import type { Entrance } from "./session";

const FORBIDDEN = 403;

/** A data set that the server has by itself. */
export interface Builtin {
  name: string;
  summary: string;
  samples?: number | null;
  dimension?: number | null;
  outputs?: number | null;
  bias: boolean;
  generator?: string | null;
  options?: Record<string, unknown> | null;
  inputs?: number[][] | null;
  targets?: number[][] | null;
}

/** A file that the server took. */
export interface Upload {
  id: string;
  name: string;
  samples: number;
  dimension: number;
  outputs: number;
  inputs?: number[][] | null;
  targets?: number[][] | null;
}

/** The server as this page reaches it: where sessions begin, and the answers that need none. */
export class Api implements Entrance {
  constructor(private readonly token: string | undefined) {}

  open(): WebSocket {
    const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/session`;
    return this.token ? new WebSocket(address, [`reluflow.${this.token}`]) : new WebSocket(address);
  }

  // A browser does not tell why it could not connect; the same door answers a plain request in words.
  async refusal(): Promise<string | undefined> {
    try {
      const answer = await fetch("/api/builtins", { headers: this.headers });
      return answer.status === FORBIDDEN ? await reasonOf(answer) : undefined;
    } catch {
      return undefined;
    }
  }

  async builtins(): Promise<Builtin[]> {
    return (await (await this.ask("/api/builtins")).json()) as Builtin[];
  }

  /** Hands over a file of samples. Throws with the server's one line where it cannot be read. */
  async upload(name: string, content: Blob): Promise<Upload> {
    return (await (await this.ask(`/api/data?name=${encodeURIComponent(name)}`, { method: "POST", body: content })).json()) as Upload;
  }

  /** The run as a directory that the program understands. */
  async exported(id: string): Promise<Blob> {
    return (await this.ask(`/api/runs/${encodeURIComponent(id)}/export.zip`)).blob();
  }

  private async ask(address: string, request: RequestInit = {}): Promise<Response> {
    const { headers } = this;
    if (request.body) {
      headers["Content-Type"] = "application/octet-stream";
    }

    const answer = await fetch(address, { ...request, headers });
    if (!answer.ok) {
      throw new Error(await reasonOf(answer));
    }

    return answer;
  }

  private get headers(): Record<string, string> {
    return this.token ? { "X-ReluFlow-Token": this.token } : {};
  }
}

async function reasonOf(answer: Response): Promise<string> {
  try {
    const { error } = (await answer.json()) as { error?: string };
    return error ?? `the server answered ${answer.status}`;
  } catch {
    return answer.status === 413 ? "the file is larger than the server takes" : `the server answered ${answer.status}`;
  }
}
