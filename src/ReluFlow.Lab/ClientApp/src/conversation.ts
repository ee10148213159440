import type { Experiment } from "./model/experiment";
import type { ReductionRequest } from "./model/reduction";
import type { Run } from "./model/run";
import type { Frame } from "./wire/frame";
import type { Failure, Ledger, Reduced, ServerMessage } from "./wire/messages";
import { Session, type Entrance, type SessionListener } from "./wire/session";

/** What comes of a conversation. */
export interface ConversationListener {
  /** The experiment can be run: what theory says of it has come, perhaps not all. */
  prepared(run: Run): void;
  /** The run has to wait for another to end, or waits no longer. */
  waits(run: Run, waiting: boolean): void;
  changed(run: Run): void;
  finished(run: Run): void;
  /** The ledger that was asked for; undefined where the server has none. */
  ledger(ledger: Ledger | undefined, run: Run): void;
  reducedTo(reduced: Reduced, asked: ReductionRequest): void;
  failed(failure: Failure, run: Run | undefined): void;
  connection(open: boolean): void;
}

/** Runs on one connection: every answer finds the run that it is about. */
export class Conversation implements SessionListener {
  private readonly session: Session;
  private readonly runs = new Map<number, Run>();
  private readonly ledgers = new Map<number, Run>();
  private readonly reductions = new Map<number, ReductionRequest>();

  constructor(
    entrance: Entrance,
    private readonly listener: ConversationListener,
  ) {
    this.session = new Session(entrance, this);
  }

  /** @param longer Whether theory may take longer than usual. */
  prepare(run: Run, longer = false): void {
    this.runs.set(this.session.prepare(run.experiment, longer), run);
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

  reduce(asked: ReductionRequest): void {
    this.reductions.set(this.session.reduce(asked.run.request, asked.index, asked.merge, asked.prune), asked);
  }

  close(): void {
    this.session.close();
  }

  message(message: ServerMessage): void {
    const run = this.runs.get(message.request);
    switch (message.kind) {
      case "prepared":
        if (run) {
          // What theory has said already is not taken back while more of it is sought.
          run.prepared = { ...message, theory: message.theory ?? run.prepared?.theory ?? null };
          this.listener.prepared(run);
        }

        break;
      case "waiting":
        if (run) {
          this.listener.waits(run, true);
        }

        break;
      case "started":
        if (run) {
          run.id = message.id;
          this.listener.waits(run, false);
        }

        break;
      case "finished":
        if (run) {
          run.finished = message;
          run.logGradients = message.logGradientNorms;
          this.listener.finished(run);
        }

        break;
      case "ledger":
        this.answerLedger(message.request, message);
        break;
      case "reduced":
        this.answerReduction(message);
        break;
      case "error":
        this.answerLedger(message.request, undefined);
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
    if (!open) {
      this.ledgers.clear();
      this.reductions.clear();
    }

    this.listener.connection(open);
  }

  private answerLedger(request: number, ledger: Ledger | undefined): void {
    const run = this.ledgers.get(request);
    if (run) {
      this.ledgers.delete(request);
      this.listener.ledger(ledger, run);
    }
  }

  private answerReduction(answer: Reduced): void {
    const asked = this.reductions.get(answer.request);
    if (asked) {
      this.reductions.delete(answer.request);
      this.listener.reducedTo(answer, asked);
    }
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
