import { expect, it } from "vitest";
import { fieldOf, inWords } from "../src/model/fieldNames";

it.each([
  ["width is 0; a whole number from 1 to 2000 is expected.", "Width m is 0; a whole number from 1 to 2000 is expected."],
  ["stopLoss is -1; a number from 0 is expected.", "Stop at loss is -1; a number from 0 is expected."],
  ["saves is 1; a whole number from 2 to 1000 is expected.", "Saved times is 1; a whole number from 2 to 1000 is expected."],
  ["time is missing; a positive number is expected.", "Stop at time is missing; a positive number is expected."],
  ["data.points has 2 inputs and 1 targets; as many are expected.", "The set of samples has 2 inputs and 1 targets; as many are expected."],
  ["data.options.labelLaw is 'x'; one of gaussian is expected.", "The set of samples: label law is 'x'; one of gaussian is expected."],
  ["data, source orthogonal: at most 8 samples.", "The set of samples, source orthogonal: at most 8 samples."],
  ["the run would keep 300 MiB; at most 256 MiB are allowed.", "the run would keep 300 MiB; at most 256 MiB are allowed."],
  ["constructor is odd.", "constructor is odd."],
])("'%s' is said as '%s'", (message, words) => expect(inWords(message)).toBe(words));

it.each([["width", "width"], ["data.points", "data"], ["merge", undefined], [null, undefined], ["constructor", undefined]])("'%s' is a part of %s", (field, part) => expect(fieldOf(field)).toBe(part));
