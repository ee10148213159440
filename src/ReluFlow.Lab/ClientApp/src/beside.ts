import type { Conversation, ConversationListener } from "./conversation";
import type { Lab } from "./lab";
import type { Run } from "./model/run";
import type { Failure } from "./wire/messages";

/** A run to compare with. It has a connection of its own, so that neither run waits for the other; the connection ends with it. */
export class Beside implements ConversationListener {
  private readonly conversation: Conversation;

  constructor(
    run: Run,
    open: (listener: ConversationListener) => Conversation,
    private readonly lab: Lab,
  ) {
    this.conversation = open(this);
    this.conversation.run(run);
  }

  close(): void {
    this.conversation.close();
  }

  changed(): void {
    this.lab.redraw();
  }

  finished(): void {
    this.close();
    this.lab.redraw();
  }

  failed(failure: Failure): void {
    this.close();
    this.lab.say(`The run to compare with: ${failure.message}`);
  }

  prepared(): void {}
  ledger(): void {}
  reducedTo(): void {}
  connection(): void {}
}
