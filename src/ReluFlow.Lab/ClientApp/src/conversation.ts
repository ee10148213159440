import type { Experiment } from "./model/experiment";
import type { Run } from "./model/run";
import type { Frame } from "./wire/frame";
import type { Failure, Ledger, Reduced, ServerMessage } from "./wire/messages";
import { Session, type SessionListener } from "./wire/session";

/** What comes of a conversation. */
export interface ConversationListener {
  /** The experiment can be run: what theory says of it has come, perhaps not all. */
  prepared(run: Run): void;
  changed(run: Run): void;
  finished(run: Run): void;
  ledger(ledger: Ledger, run: Run): void;
  reducedTo(reduced: Reduced): void;
  failed(failure: Failure, run: Run | undefined): void;
  connection(open: boolean): void;
}

/** Runs on one connection: every answer finds the run that it is about. */
export class Conversation implements SessionListener {
  private readonly session: Session;
  private readonly runs = new Map<number, Run>();
  private readonly ledgers = new Map<number, Run>();
  private readonly reductions = new Set<number>();

  constructor(
    address: string,
    token: string | undefined,
    private readonly listener: ConversationListener,
  ) {
    this.session = new Session(address, token, this);
  }

  prepare(run: Run): void {
    this.runs.set(this.session.prepare(run.experiment), run);
  }

  run(run: Run): void {
    run.request = this.session.run(run.experiment as Experiment);
    this.forgetOthers(run);
    this.runs.set(run.request, run);
  }

  cancel(run: Run): void {
    this.session.cancel(run.request);
  }

  askLedger(run: Run, index: number): void {
    this.ledgers.set(this.session.ledger(run.request, index), run);
  }

  reduce(run: Run, index: number, merge: number[][], prune: number[]): void {
    this.reductions.add(this.session.reduce(run.request, index, merge, prune));
  }

  close(): void {
    this.session.close();
  }

  message(message: ServerMessage): void {
    const run = this.runs.get(message.request);
    switch (message.kind) {
      case "prepared":
        if (run) {
          run.prepared = message;
          this.listener.prepared(run);
        }

        break;
      case "started":
        if (run) {
          run.id = message.id;
        }

        break;
      case "finished":
        if (run) {
          run.finished = message;
          this.listener.finished(run);
        }

        break;
      case "ledger":
        this.listener.ledger(message, this.ledgers.get(message.request)!);
        this.ledgers.delete(message.request);
        break;
      case "reduced":
        this.listener.reducedTo(message);
        break;
      case "error":
        this.ledgers.delete(message.request);
        if (this.matters(message, run)) {
          this.listener.failed(message, run);
        }

        break;
    }
  }

  frame(frame: Frame): boolean {
    const run = this.runs.get(frame.request);
    if (!run || run.request !== frame.request) {
      return false;
    }

    run.add(frame);
    this.listener.changed(run);
    if (run.isFull) {
      this.session.cancel(run.request);
    }

    return !run.isFull;
  }

  connection(open: boolean): void {
    this.listener.connection(open);
  }

  // A time that has passed needs no ledger, theory that was given up no excuse, and a run that another took the place of nothing.
  private matters({ request }: Failure, run: Run | undefined): boolean {
    return run ? !run.prepared || request === run.request : this.reductions.delete(request) || !request;
  }

  // Answers to older requests are about runs that nobody looks at any more.
  private forgetOthers(run: Run): void {
    for (const [request, other] of this.runs) {
      if (other !== run) {
        this.runs.delete(request);
      }
    }
  }
}
