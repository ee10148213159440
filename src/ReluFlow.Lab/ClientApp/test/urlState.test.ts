import { describe, expect, it } from "vitest";
import { DEFAULT_EXPERIMENT } from "../src/model/experiment";
import { STORIES } from "../src/model/stories";
import { decodeState, encodeState, stateOfStory, type LabState } from "../src/model/urlState";

// As a browser's address bar gives a fragment back.
const throughAddress = (hash: string) => new URL(`http://localhost/${hash}`).hash;

// What JSON cannot tell from nothing is left out.
const seen = (state: LabState | null) => JSON.parse(JSON.stringify(state)) as unknown;

describe("encodeState", () => {
  it("brings every number back to the last bit", () => {
    let seed = 1;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let trial = 0; trial < 200; trial++) {
      const value = () => (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
      const state: LabState = {
        experiment: {
          ...DEFAULT_EXPERIMENT, data: { points: { inputs: [[value(), value()], [value(), -0.1]], targets: [[value()], [5e-324]] } },
          width: 1 + Math.floor(random() * 2000), scale: `${random()}e-${Math.floor(random() * 1000)}`, time: Math.abs(value()), bias: random() < 0.5,
        },
        previous: { ...DEFAULT_EXPERIMENT, seed: 9007199254740991 },
        frame: 12, selected: [1, 5], logLoss: true, trails: false, speed: 0.125,
      };
      expect(seen(decodeState(throughAddress(encodeState(state))))).toEqual(seen(state));
    }
  });

  it("brings names with any sign back", () => {
    const options = { words: "it's a \"name\" \\ with {signs} %27 <>^`| ü 数 #" };
    const state: LabState = { experiment: { ...DEFAULT_EXPERIMENT, data: { generator: "stewart", options } } };
    expect(seen(decodeState(throughAddress(encodeState(state))))).toEqual(seen(state));
  });

  it("calls an untouched story by its name", () => {
    for (const story of STORIES) {
      expect(encodeState(stateOfStory(story))).toBe(`#story=${story.name}`);
      expect(decodeState(`#story=${story.name}`)).toEqual(stateOfStory(story));
    }
  });

  it("needs no escapes for points", () => {
    const hash = encodeState({ experiment: { ...DEFAULT_EXPERIMENT, data: { points: { inputs: [[1], [-0.5]], targets: [[1], [2]] } } } });
    expect(hash).toBe("#{'experiment':{'data':{'points':{'inputs':[[1],[-0.5]],'targets':[[1],[2]]}}}}");
  });
});

describe("decodeState", () => {
  it.each(["", "#", "#transport", "#field-width"])("finds nothing in '%s'", (hash) => expect(decodeState(hash)).toBeNull());

  it.each(["#{bad", "#{'experiment':", "#%"])("says in our words that %s is damaged", (hash) => expect(() => decodeState(hash)).toThrow(/^what follows # is cut off or damaged; a state such as /));

  it.each(["#story=none", "#{'experiment':", "#5", "#{'experiment':{'width':'60'}}", "#{'experiment':{'data':{'points':{'inputs':[[1]],'targets':[]}}}}", "#{'frame':-1}", "#{'selected':'x'}", "#%"])(
    "refuses %s", (hash) => expect(() => decodeState(hash)).toThrow());
});
