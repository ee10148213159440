import { Conversation, type ConversationListener } from "./conversation";
import { difference, sameExperiment, type Experiment, type Points } from "./model/experiment";
import type { NetworkWeights } from "./model/network";
import { Beside } from "./beside";
import { Player } from "./model/player";
import { SampleEditor } from "./sampleEditor";
import { Run } from "./model/run";
import { sameFrames } from "./model/sameFrames";
import { storyNamed, type Story } from "./model/stories";
import { stateOfStory, type LabState } from "./model/urlState";
import { Reduction } from "./model/reduction";
import type { Builtin } from "./wire/api";
import type { Frame } from "./wire/frame";
import type { Failure, Ledger, Reduced } from "./wire/messages";

/** What the page is about: an experiment, its run, the run before it, and what the reader looks at. */
export class Lab implements ConversationListener {
  run: Run;
  previous: Run | undefined;
  hovered: number | undefined;
  selected = new Set<number>();
  reduced: Reduction | undefined;
  story: Story | undefined;
  logLoss = false;
  trails = true;
  runsAtOnce = true;
  status = "";
  /** What is to be read beside the status until something else is asked for. */
  notice = "";
  failure: Failure | undefined;
  connected = true;
  builtins: Builtin[] = [];
  readonly player: Player;
  readonly samples: SampleEditor;
  private pending: Run | undefined;
  private before: Run | undefined;
  private reducing = "";
  private firstFrame: number | undefined;
  private wantedPrevious: Experiment | undefined;
  private keepsPrevious = false;
  private conversation: Conversation | undefined;
  private beside: Beside | undefined;
  private open: ((listener: ConversationListener) => Conversation) | undefined;

  /** @param redraw Called whenever something that is shown may be another. */
  constructor(
    state: LabState,
    readonly redraw: () => void,
    private readonly moves: boolean,
  ) {
    this.run = new Run(state.experiment);
    this.player = new Player(this.run);
    this.samples = new SampleEditor(this);
    this.take(state);
  }

  /** Begins to talk to the server. */
  connect(open: (listener: ConversationListener) => Conversation): void {
    this.open = open;
    this.conversation = open(this);
    this.begin(this.run);
  }

  /** Goes over to another state, as an address or a story says. */
  enter(state: LabState): void {
    this.previous = undefined;
    this.take(state);
    this.keepsPrevious = true;
    this.begin(new Run(state.experiment));
  }

  tell(story: Story): void {
    this.notice = "";
    this.enter(stateOfStory(story));
  }

  /** The experiment that the controls show: the one that is asked for, else the one that is seen. */
  get experiment(): Experiment {
    return (this.pending ?? this.run).experiment;
  }

  get index(): number {
    return this.player.index;
  }

  get frame(): Frame | undefined {
    return this.run.frames[this.index];
  }

  /** The previous run at the same time. */
  get previousFrame(): Frame | undefined {
    const time = this.frame?.time;
    return this.previous?.last && time !== undefined ? this.previous.frames[this.previous.indexAt(time)] : undefined;
  }

  /** How many inputs a frame's function has without the bias; NaN where the frame does not tell it. */
  givenInputs(of: Frame | NetworkWeights, run = this.run): number {
    return "inPlane" in of && of.inPlane ? NaN : of.coordinates - (run.experiment.bias ? 1 : 0);
  }

  /** The samples as far as they are known. */
  get points(): Points | undefined {
    return this.samples.draft ?? (this.pending ?? this.run).points(this.builtins);
  }

  get isComputing(): boolean {
    return this.run.request >= 0 && !this.run.finished && !this.run.failed;
  }

  /** Asks for another experiment: it is seen once the server has found it right. */
  ask(change: Partial<Experiment>): void {
    const experiment = { ...this.experiment, ...change };
    if (!sameExperiment(experiment, this.experiment) || this.failure) {
      this.story = undefined;
      this.notice = "";
      this.begin(new Run(experiment));
    }
  }

  /** Runs what is prepared, or the same start once more. */
  runNow(): void {
    const { run } = this;
    if (run.request >= 0) {
      this.before = run.finished ? run : undefined;
      this.run = new Run(run.experiment);
      this.run.prepared = run.prepared;
    }

    this.reduced = undefined;
    this.start();
  }

  stop(): void {
    this.conversation?.cancel(this.run);
  }

  hover(neuron: number | undefined): void {
    if (neuron !== this.hovered) {
      this.hovered = neuron;
      this.redraw();
    }
  }

  toggle(neuron: number): void {
    this.select(this.selected.has(neuron) ? [...this.selected].filter((j) => j !== neuron) : [...this.selected, neuron]);
  }

  select(neurons: Iterable<number>): void {
    this.selected = new Set([...neurons].filter((j) => j < this.run.experiment.width));
    this.redraw();
  }

  /** Merges the marked neurons into one a sign, or leaves them out. */
  reduce(prune: boolean): void {
    const neurons = [...this.selected];
    this.reducing = `${neurons.length} neuron${neurons.length === 1 ? "" : "s"} ${prune ? "pruned" : "merged"}`;
    this.conversation?.reduce(this.run, this.index, prune ? [] : [neurons], prune ? neurons : []);
  }

  moveToTime(time: number): void {
    this.player.moveTo(this.run.indexAt(time));
    this.settle();
  }

  /** Plays up to a time; where nothing is to move, the cursor is there at once. */
  goToTime(time: number): void {
    if (!this.moves) {
      this.player.moveTo(this.run.indexAt(time));
    } else if (!(this.player.isEnd && time >= this.frame!.time)) {
      this.player.playUntil(time);
    }

    this.settle();
  }

  /** The cursor stands still somewhere: what the server knows of that time is asked for. */
  settle(): void {
    if (this.run.finished && !this.player.playing && this.run.frames.length > 0) {
      this.run.ledger = undefined;
      this.conversation?.askLedger(this.run, this.index);
    }

    this.redraw();
  }

  say(words: string): void {
    this.status = words;
    this.redraw();
  }

  prepared(run: Run): void {
    if (run === this.pending) {
      this.pending = this.samples.draft = this.failure = undefined;
      if (this.run !== run) {
        this.previous = this.keepsPrevious || this.run.frames.length === 0 ? this.previous : this.run;
        this.keepsPrevious = false;
        this.run = run;
      }

      this.player.follow(run, false);
      this.select(this.selected);
      this.reduced = undefined;
      if (this.runsAtOnce) {
        this.start();
      } else {
        this.say(`Prepared: ${difference(run.experiment, this.previous?.experiment ?? run.experiment)}. Press Run.`);
      }
    }

    this.redraw();
  }

  changed(): void {
    this.redraw();
  }

  finished(run: Run): void {
    const { finished, last } = run;
    if (run === this.run && finished) {
      const full = run.isFull ? " The page keeps 256 MiB of frames and has stopped it there: save fewer times." : "";
      const repeated = this.before && last ? (sameFrames(this.before, run) ? " The same start gave the same frames, bit for bit." : " The frames differ from those before.") : "";
      this.before = undefined;
      this.say(`Computed: ${finished.status.replaceAll("-", " ")}${finished.message ? ` (${finished.message})` : ""}, ${finished.frames} times in ${finished.elapsed.toFixed(2)} s.${repeated}${full}`);
      this.settle();
    }

    this.redraw();
  }

  ledger(ledger: Ledger, run: Run): void {
    run.ledger = ledger;
    this.redraw();
  }

  reducedTo(answer: Reduced): void {
    this.reduced = new Reduction(answer, this.reducing);
    this.redraw();
  }

  failed(failure: Failure, run: Run | undefined): void {
    if (run && run !== this.pending && run !== this.run) {
      return;
    }

    if (run === this.run) {
      run.failed = true;
    } else if (run) {
      this.pending = undefined;
      this.samples.draft = undefined;
    }

    this.failure = failure;
    this.say(failure.message);
  }

  // What was asked when the connection went is asked again; a run that has ended is kept as it is.
  connection(open: boolean): void {
    if (!open) {
      this.say("The connection to the server is lost; trying again.");
    } else if (!this.connected) {
      this.say("Connected again.");
      if (this.pending || this.isComputing) {
        this.begin(new Run(this.experiment));
      }
    }

    this.connected = open;
  }

  private take(state: LabState): void {
    this.story = state.story === undefined ? undefined : storyNamed(state.story);
    this.selected = new Set(state.selected);
    this.logLoss = state.logLoss ?? false;
    this.trails = state.trails ?? true;
    this.player.speed = state.speed ?? 1;
    this.firstFrame = state.frame;
    this.wantedPrevious = state.previous;
  }

  private begin(run: Run): void {
    this.pending = run;
    this.conversation?.prepare(run);
    this.redraw();
  }

  private start(): void {
    this.player.follow(this.run, this.moves && this.firstFrame === undefined, this.firstFrame ?? (this.moves ? undefined : -1));
    this.firstFrame = undefined;
    this.conversation?.run(this.run);
    this.say("Computing …");
    if (this.wantedPrevious && this.open) {
      this.previous = new Run(this.wantedPrevious);
      this.beside?.close();
      this.beside = new Beside(this.previous, this.open, this);
      this.wantedPrevious = undefined;
    }
  }
}
