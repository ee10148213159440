import "./lab.css";
import { Address, firstState, stateOf } from "./address";
import { Conversation } from "./conversation";
import { byId, element, setText } from "./dom";
import { Lab } from "./lab";
import { encodeState } from "./model/urlState";
import { Controls } from "./panels/controls";
import { Counters } from "./panels/counters";
import { DataPanel } from "./panels/dataPanel";
import { ExportPanel } from "./panels/exportPanel";
import { LedgerPanel } from "./panels/ledgerPanel";
import { StoryPanel } from "./panels/storyPanel";
import { TheoryNote } from "./panels/theoryNote";
import { Transport } from "./panels/transport";
import { Stage } from "./stage";
import { DecisionPicture } from "./views/decisionPicture";
import { FunctionPicture } from "./views/functionPicture";
import { GatesPicture } from "./views/gatesPicture";
import { LossPicture } from "./views/lossPicture";
import { NormsPicture } from "./views/normsPicture";
import { PlanePicture } from "./views/planePicture";
import { SizePicture } from "./views/sizePicture";
import { Api } from "./wire/api";
import { keptToken, takeToken } from "./wire/token";

takeToken();
const api = new Api(keptToken());
const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
let scheduled = 0;
let before = 0;
let redraws = 0;

const { state, failure } = firstState();
const lab = new Lab(state, schedule, moves);
const address = new Address(lab);
const [functionPicture, decisionPicture] = [new FunctionPicture(lab), new DecisionPicture(lab)];
const [planePicture, lossPicture] = [new PlanePicture(lab), new LossPicture(lab)];
const stage = new Stage(byId("pictures"), [functionPicture, decisionPicture, planePicture, lossPicture, new NormsPicture(lab), new SizePicture(lab), new GatesPicture(lab)], schedule);
const noPicture = element("p", { class: "note", hidden: true }, "There is no picture of a function of more than two inputs or of several outputs.");
byId("pictures").before(noPicture);
addSwitch(stage.placeOf(lossPicture), "logarithmic", () => lab.logLoss, (on) => (lab.logLoss = on));
addSwitch(stage.placeOf(planePicture), "trails", () => lab.trails, (on) => (lab.trails = on));
addKeys();
const settings = byId("settings");
const panels = [
  new Transport(byId("transport"), lab),
  new StoryPanel(byId("stories"), byId("story"), lab),
  new TheoryNote(stage.placeOf(lossPicture), lab),
  new Counters(byId("counters"), lab),
  new LedgerPanel(byId("ledger"), lab),
  new DataPanel(part("Samples"), lab, api),
  new Controls(part("Settings"), lab),
  new ExportPanel(part("Results"), lab, api, () => location.origin + location.pathname + encodeState(stateOf(lab))),
];

addEventListener("hashchange", () => {
  if (takeToken()) {
    location.reload();
    return;
  }

  address.enter();
});
byId("skip").addEventListener("click", () => byId("transport").focus());
lab.notice = failure;
lab.connect((listener) => new Conversation(api, listener));
void api.builtins().then((builtins) => {
  lab.builtins = builtins;
  schedule();
}, (error: Error) => {
  if (lab.connected) {
    lab.say(`The built-in sets cannot be listed: ${error.message}`);
  }
});

// For the console and for tests: what is seen, as data.
Object.assign(globalThis, { lab, labRedraws: () => redraws, labDraws: () => stage.draws });

function schedule(): void {
  scheduled ||= requestAnimationFrame(tick);
}

function tick(now: number): void {
  scheduled = 0;
  const seconds = before === 0 ? 0 : Math.min(0.1, (now - before) / 1000);
  const played = lab.player.playing;
  const moved = lab.player.advance(seconds);
  if ((played || moved) && !lab.player.playing) {
    lab.settle();
  }

  before = lab.player.playing ? now : 0;
  panels.forEach((panel) => panel.update());
  const inputs = lab.points?.inputs[0]?.length ?? 1;
  const drawn = (lab.points?.targets[0]?.length ?? 1) === 1;
  stage.show(functionPicture, inputs === 1 && drawn);
  stage.show(decisionPicture, inputs === 2 && drawn);
  noPicture.hidden = drawn && inputs <= 2;
  byId("pictures").classList.toggle("without-function", !noPicture.hidden);
  setText(byId("status"), `${lab.notice} ${lab.status}`.trim());
  byId("status").classList.toggle("failed", lab.failure !== undefined || !lab.connected);
  stage.invalidate();
  stage.refresh();
  redraws++;
  address.follow();
  document.documentElement.dataset["ready"] = String(lab.run.finished !== undefined);
  if (lab.player.playing) {
    schedule();
  }
}

function part(label: string): HTMLElement {
  const section = element("section", { class: "card", "aria-label": label });
  settings.append(section);
  return section;
}

function addSwitch(figure: HTMLElement, words: string, get: () => boolean, set: (on: boolean) => void): void {
  const box = element("input", { type: "checkbox", checked: get() });
  box.addEventListener("change", () => {
    set(box.checked);
    lab.settle();
  });
  figure.querySelector("button")!.before(element("label", { class: "check" }, box, words));
}

function addKeys(): void {
  byId("pictures").after(element("p", { class: "note", id: "keys" },
    "In the picture of the function: click to add a sample, drag to move it. By keys: arrows or Page Up/Down choose a sample and arrows move it (with Shift finely), Delete removes it, Enter adds one. Space plays and pauses, Home rewinds."));
  addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, button, a, summary, pre")) {
      return;
    }

    if (event.key === " ") {
      if (lab.player.playing) {
        lab.player.pause();
      } else {
        lab.player.play();
      }
    } else if (event.key === "Home") {
      lab.player.moveTo(0);
    } else {
      return;
    }

    event.preventDefault();
    lab.settle();
  });
}
