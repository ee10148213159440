import type { Conversation, ConversationListener } from "./conversation";
import type { Lab } from "./lab";
import { inWords } from "./model/fieldNames";
import { Run } from "./model/run";
import type { Experiment } from "./model/experiment";
import type { Failure } from "./wire/messages";

/** A run to compare with. It has a connection of its own, so that neither run waits for the other; the connection ends with it. */
export class Beside implements ConversationListener {
  readonly run: Run;
  private readonly conversation: Conversation;
  private waited = false;

  constructor(
    experiment: Experiment,
    open: (listener: ConversationListener) => Conversation,
    private readonly lab: Lab,
  ) {
    this.run = new Run(experiment);
    this.conversation = open(this);
    this.conversation.run(this.run);
  }

  close(): void {
    this.conversation.close();
  }

  waits(_: Run, waiting: boolean): void {
    this.waited ||= waiting;
    if (this.waited) {
      this.lab.say(waiting ? "The run to compare with waits for another run to end." : "Computing the run to compare with …");
    }
  }

  changed(): void {
    this.lab.redraw();
  }

  finished(): void {
    this.close();
    if (this.waited) {
      this.lab.say("The run to compare with is computed.");
    }

    this.lab.redraw();
  }

  failed(failure: Failure): void {
    this.giveUp(inWords(failure.message));
  }

  connection(open: boolean): void {
    if (!open) {
      this.giveUp("its connection to the server is lost; it is left out.");
    }
  }

  prepared(): void {}
  ledger(): void {}
  reducedTo(): void {}

  // What has come of it would be taken for all of it.
  private giveUp(reason: string): void {
    this.lab.comparison.stop();
    this.lab.say(`The run to compare with: ${reason}`);
  }
}
