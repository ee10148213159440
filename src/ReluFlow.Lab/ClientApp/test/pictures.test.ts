import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Conversation } from "../src/conversation";
import { plotBox } from "../src/draw/axes";
import { palette } from "../src/draw/palette";
import { Lab } from "../src/lab";
import { DEFAULT_EXPERIMENT } from "../src/model/experiment";
import { SCALE } from "../src/model/stories/scale";
import { STORIES } from "../src/model/stories";
import { stateOfStory, type LabState } from "../src/model/urlState";
import { SvgPen } from "../src/draw/svgPen";
import { FunctionPicture } from "../src/views/functionPicture";
import { GatesPicture } from "../src/views/gatesPicture";
import { LossPicture } from "../src/views/lossPicture";
import { fakeDocument, lineOf, textsOf } from "./fakeDocument";
import { FakeServer, type FakeSocket } from "./fakeServer";
import { frameBytes } from "./frameBytes";

const SIZE = { width: 520, height: 310 };
const colors = palette(false);

beforeEach(fakeDocument);
afterEach(() => void vi.unstubAllGlobals());

// Runs of ten frames with the given losses, the second one beside.
function run(state: LabState, loss: (i: number) => number, beside?: (i: number) => number): Lab {
  const server = new FakeServer();
  const lab = new Lab(state, () => {}, true);
  lab.connect((listener) => new Conversation(server, listener));
  const main = server.sockets[0]!;
  main.open();
  main.say({ kind: "prepared", request: main.last("prepare"), samples: 2, dimension: 2, outputs: 1, bias: true, complete: true, inputs: [[-1], [1]], targets: [[1], [0.5]] });
  const finish = (socket: FakeSocket, of: (i: number) => number) => {
    const request = socket.last("run");
    for (let index = 0; index < 10; index++) {
      socket.say(frameBytes({ neurons: 2, dimension: 2, samples: 2, request, index, time: index, loss: of(index) }));
    }

    socket.say({ kind: "finished", request, status: "time-reached", frames: 10, logGradientNorms: [], elapsed: 0 });
  };
  finish(main, loss);
  if (beside) {
    server.sockets[1]!.open();
    finish(server.sockets[1]!, beside);
  }

  return lab;
}

describe("the picture of the loss", () => {
  it.each([false, true])("has room for the run that is compared with (logarithmic: %s)", (logLoss) => {
    const lab = run({ experiment: { ...DEFAULT_EXPERIMENT, width: 2 }, previous: { ...DEFAULT_EXPERIMENT, width: 2, seed: 2 }, logLoss }, (i) => 0.1 / (i + 1), (i) => 3 / (i + 1));
    const picture = new LossPicture(lab);
    picture.resize(SIZE);
    const { top, height } = plotBox(SIZE.width, SIZE.height);
    const heights = lineOf(picture.toSvg(), colors.unsigned).map(([, y]) => y);
    expect(heights.length).toBe(10);
    heights.forEach((y) => expect(y).toBeGreaterThanOrEqual(top));
    expect(Math.max(...heights)).toBeLessThanOrEqual(top + height);
  });
});

it("the story of scales shows its plateau in the picture of the loss, and the large start's is cut off", () => {
  const lab = run(stateOfStory(SCALE), (i) => (i < 5 ? 0.094 : 0.0388), () => 0.9);
  const picture = new LossPicture(lab);
  const rise = () => {
    picture.resize(SIZE);
    const heights = lineOf(picture.toSvg(), colors.measured).map(([, y]) => y);
    return Math.max(...heights) - Math.min(...heights);
  };
  const { height } = plotBox(SIZE.width, SIZE.height);
  expect(rise()).toBeGreaterThan(0.4 * height);
  lab.story = undefined;
  expect(rise()).toBeLessThan(0.1 * height);
});

it("labels over dashed lines have a halo, and are drawn after the curves", () => {
  const lab = run({ experiment: { ...DEFAULT_EXPERIMENT, width: 2 } }, (i) => 0.1 / (i + 1));
  lab.run.prepared!.theory = { plateaus: [0.05], saddles: [{ time: 4, loss: 0.05 }] };
  const picture = new LossPicture(lab);
  picture.resize(SIZE);
  const svg = picture.toSvg();
  for (const words of ["L = 0.05", "t ≈ 4"]) {
    expect(svg).toMatch(new RegExp(`paint-order="stroke">${words}<`));
  }

  expect(svg.indexOf("L = 0.05")).toBeGreaterThan(svg.indexOf(`stroke="${colors.measured}"`));
});

it("the picture of the gates names its columns in the order of the samples, and marks neurons beside their rows", () => {
  const lab = run({ experiment: { ...DEFAULT_EXPERIMENT, width: 2, data: { points: { inputs: [[1], [-1]], targets: [[1], [0.5]] } } } }, () => 1);
  const picture = new GatesPicture(lab);
  vi.spyOn(SvgPen.prototype, "raster").mockImplementation(() => {});
  picture.resize(SIZE);
  const places = () => [...picture.toSvg().matchAll(/<text x="([\d.]+)"[^>]*>(x.)</g)].map(([, x, name]) => [name, Number(x)] as const);
  const names = places();
  expect(names.map(([name]) => name)).toEqual(["x₁", "x₂"]);
  expect(names[0]![1]).toBeLessThan(names[1]![1]);
  lab.select([1]);
  const marks = [...picture.toSvg().matchAll(new RegExp(`<path d="([^"]*)" fill="${colors.saddle}"`, "g"))].map(([, path]) => [...path!.matchAll(/[ML]([\d.]+)/g)].map(([, x]) => Number(x)));
  expect(marks.length).toBe(2);
  marks.flat().forEach((x) => expect(x < 16 || x > SIZE.width - 14).toBe(true));
  vi.restoreAllMocks();
});

describe("the picture of the function", () => {
  it("has the stars of the run beside in grey", () => {
    const lab = run(stateOfStory(SCALE), () => 1, () => 1);
    const picture = new FunctionPicture(lab);
    picture.resize(SIZE);
    const grey = () => picture.toSvg().includes(`fill="${colors.unsigned}"`);
    expect(grey()).toBe(true);
    lab.comparison.stop();
    expect(grey()).toBe(false);
  });

  it.each([["alignment", "10"], ["scale", "4"]])("shows in the story '%s' the kink that it names, near %s", (name, tick) => {
    const story = STORIES.find((each) => each.name === name)!;
    const ticks = (lab: Lab) => {
      const picture = new FunctionPicture(lab);
      picture.resize(SIZE);
      return textsOf(picture.toSvg());
    };
    const lab = run(stateOfStory(story), () => 1, () => 1);
    expect(ticks(lab)).toContain(tick);
    lab.story = undefined;
    expect(ticks(lab)).not.toContain(tick);
  });
});
