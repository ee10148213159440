import { Conversation, type ConversationListener } from "./conversation";
import { difference, sameExperiment, type Experiment, type Points } from "./model/experiment";
import { fieldOf, inWords } from "./model/fieldNames";
import { Comparison } from "./comparison";
import { LedgerInquiry } from "./ledgerInquiry";
import type { NetworkWeights } from "./model/network";
import { Player } from "./model/player";
import { SampleEditor } from "./sampleEditor";
import { Run } from "./model/run";
import { repetitionText } from "./model/sameFrames";
import { storyNamed } from "./model/stories";
import type { Story } from "./model/stories/story";
import { stateOfStory, type LabState } from "./model/urlState";
import type { Reduction, ReductionRequest } from "./model/reduction";
import { Reductions } from "./reductions";
import type { Builtin } from "./wire/api";
import type { Frame } from "./wire/frame";
import type { Failure, Ledger, Reduced } from "./wire/messages";

/** What a refusal can be about: a field of the experiment, a file, a text. */
export type Control = keyof Experiment | "file" | "text";

/** What the page is about: an experiment, its run, the run before it, and what the reader looks at. */
export class Lab implements ConversationListener {
  run: Run;
  hovered: number | undefined;
  selected = new Set<number>();
  story: Story | undefined;
  logLoss = false;
  trails = true;
  runsAtOnce = true;
  status = "";
  /** What is to be read beside the status until something else is asked for. */
  notice = "";
  failure: Failure | undefined;
  /** The control that the failure is about. */
  refused: Control | undefined;
  connected = true;
  builtins: Builtin[] = [];
  readonly player: Player;
  readonly samples: SampleEditor;
  readonly reductions = new Reductions(this);
  readonly comparison = new Comparison(this);
  conversation: Conversation | undefined;
  private pending: Run | undefined;
  private asked: keyof Experiment | undefined;
  private before: Run | undefined;
  private firstFrame: number | undefined;
  private readonly inquiry = new LedgerInquiry(this);
  private open: ((listener: ConversationListener) => Conversation) | undefined;

  /** @param redraw Called whenever something that is shown may be another. */
  constructor(
    state: LabState,
    readonly redraw: () => void,
    private readonly moves: boolean,
  ) {
    this.run = new Run(state.experiment);
    this.player = new Player(this.run, () => this.story?.steps.map(({ until }) => until) ?? []);
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
    this.asked = undefined;
    this.take(state);
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

  get previous(): Run | undefined {
    return this.comparison.run;
  }

  get index(): number {
    return this.player.index;
  }

  /** The saved time that is looked at, or that will be once it has come; undefined where whoever opens the same comes to it anyhow, and while time runs. */
  get restingIndex(): number | undefined {
    const { player, run } = this;
    const isDefault = run.frames.length === 0 || (this.story ? player.index === 0 : player.isEnd);
    return this.firstFrame ?? (this.pending && this.pending !== run || player.playing ? undefined : player.awaited ?? (isDefault ? undefined : player.index));
  }

  get reduced(): Reduction | undefined {
    return this.reductions.current;
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

  /** Asks for another experiment: it is seen once the server has found it right. Where it is the one that is seen already, what was wrong before is right again. */
  ask(change: Partial<Experiment>): void {
    const experiment = { ...this.experiment, ...change };
    const { failure } = this;
    const isRight = !this.run.failed && (!failure || this.refused !== undefined);
    this.accept();
    if (!sameExperiment(experiment, this.experiment) || !isRight) {
      const keys = Object.keys(change) as (keyof Experiment)[];
      this.asked = keys.length === 1 ? keys[0] : undefined;
      this.story = undefined;
      this.notice = "";
      this.begin(new Run(experiment));
    }
  }

  /** What was set in a control cannot be used: that is said beside it, and here. */
  refuse(control: Control, message: string): void {
    this.failure = { kind: "error", request: 0, message };
    this.refused = control;
    this.notice = "";
    this.say(message);
  }

  /** Nothing is wrong any more. */
  accept(): void {
    if (this.failure) {
      this.failure = this.refused = undefined;
      this.say("");
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

    this.reductions.forget();
    this.start();
  }

  /** Has theory sought once more where there was no time for all of it. */
  seekTheoryLonger(): void {
    this.conversation?.prepare(this.run, true);
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

  moveToTime(time: number): void {
    this.player.moveTo(this.run.indexAt(time));
    this.settle();
  }

  /** Goes to a time, or plays up to it where it is still to come. */
  goTo(time: number): void {
    this.player.goTo(time);
    this.settle();
  }

  /** Plays up to the next pause of the story; where nothing is to move, the cursor is there at once. */
  next(): void {
    if (this.moves) {
      this.player.next();
    } else {
      this.player.goTo(this.player.nextPause);
    }

    this.settle();
  }

  /** The cursor stands still somewhere: what the server knows of that time is asked for. */
  settle(): void {
    this.inquiry.want();
    this.redraw();
  }

  say(words: string): void {
    this.status = words;
    this.redraw();
  }

  prepared(run: Run): void {
    if (run === this.pending) {
      this.pending = this.samples.draft = this.failure = this.refused = undefined;
      this.comparison.follow(this.run === run ? undefined : this.run);
      this.run = run;

      this.player.follow(run, false);
      this.select(this.selected);
      this.reductions.forget();
      if (this.runsAtOnce) {
        this.start();
      } else {
        this.say(`Prepared: ${difference(run.experiment, this.previous?.experiment ?? run.experiment)}. Press Run.`);
      }
    }

    this.redraw();
  }

  waits(run: Run, waiting: boolean): void {
    if (run === this.run) {
      this.say(waiting ? "Waiting for another run to end …" : "Computing …");
    }
  }

  changed(): void {
    this.redraw();
  }

  finished(run: Run): void {
    const { finished } = run;
    if (run === this.run && finished) {
      const full = run.isFull ? " The page keeps 256 MiB of frames and has stopped it there: save fewer times." : "";
      const repeated = this.before ? repetitionText(this.before, run) : "";
      this.before = undefined;
      this.say(`Computed: ${finished.status.replaceAll("-", " ")}${finished.message ? ` (${finished.message})` : ""}, ${finished.frames} times in ${finished.elapsed.toFixed(2)} s.${repeated}${full}`);
      this.settle();
    }

    this.redraw();
  }

  ledger(ledger: Ledger | undefined, run: Run): void {
    this.inquiry.answered(ledger, run);
    this.redraw();
  }

  reducedTo(answer: Reduced, asked: ReductionRequest): void {
    this.reductions.answered(answer, asked);
  }

  failed(failure: Failure, run: Run | undefined): void {
    if (run && run !== this.pending && run !== this.run) {
      return;
    }

    if (run === this.run) {
      run.failed = true;
    } else if (run) {
      this.pending = this.samples.draft = undefined;
      this.comparison.refused();
    }

    const message = inWords(failure.message);
    this.failure = { ...failure, message };
    this.refused = fieldOf(failure.field) ?? (run && run !== this.run ? this.asked : undefined);
    this.say(message);
  }

  // What was asked when the connection went is asked again; a run that has ended is kept as it is.
  connection(open: boolean): void {
    if (!open) {
      this.inquiry.lost();
      this.say("The connection to the server is lost; trying again.");
    } else if (!this.connected) {
      this.say("Connected again.");
      if (this.pending || this.isComputing) {
        this.comparison.keep();
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
    this.comparison.enter(state.previous);
  }

  private begin(run: Run): void {
    this.pending = run;
    this.conversation?.prepare(run);
    this.redraw();
  }

  private start(): void {
    const begins = this.firstFrame === undefined && this.story === undefined;
    this.player.follow(this.run, this.moves && begins, begins && !this.moves ? -1 : this.firstFrame);
    this.firstFrame = undefined;
    this.conversation?.run(this.run);
    this.say("Computing …");
    if (this.open) {
      this.comparison.begin(this.open);
    }
  }
}
