import { describe, expect, it } from "vitest";
import { contour } from "../src/draw/contour";
import { distinctKinks, kinkOf, logSquaredNorm, outputsAt, outputsOnGrid, variationNorm } from "../src/model/network";
import { inPlane, planeOf, symmetricEigen } from "../src/model/plane";
import { PlanePlaces } from "../src/model/planePlaces";
import { cleanStarters, measuredShares, predictedShares } from "../src/model/measures";
import { decodeFrame } from "../src/wire/frame";
import { frameBytes } from "./frameBytes";

// Norms and directions travel as floats of 24 bits.
const FLOAT = 1e-6;
const EXACT = 1e-12;

const lines = decodeFrame(frameBytes({ neurons: 2, dimension: 2, samples: 2, logIn: [0, 0], unitIn: [0.6, 0.8, -0.6, 0.8], gates: [[0, 1], [0]] }));

describe("outputsAt", () => {
  it("sums the neurons that are active, by hand", () => {
    // ‖a‖ = e^j: f = σ(0.6 x + 0.8) − e σ(−0.6 x + 0.8).
    const f = outputsAt(lines, Float64Array.of(0, 2, -3), 1);
    expect(f[0]).toBeCloseTo(0.8 - Math.E * 0.8, 6);
    expect(f[1]).toBeCloseTo(2, 6);
    expect(f[2]).toBeCloseTo(-Math.E * 2.6, 5);
  });

  it("takes two inputs without a bias", () => expect(outputsAt(lines, Float64Array.of(1, 0, 0, -1), 2)[0]).toBeCloseTo(0.6, 6));

  it("leaves out neurons that underflow", () => {
    const tiny = decodeFrame(frameBytes({ neurons: 1, dimension: 2, samples: 1, logIn: [-1e30], unitIn: [1, 0] }));
    expect([...outputsAt(tiny, Float64Array.of(5), 1)]).toEqual([0]);
  });
});

describe("outputsOnGrid", () => {
  it.each([2, 3])("is what each point gives by itself, to the last bit (%i coordinates)", (dimension) => {
    let seed = 5;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
    const unitIn = Array.from({ length: 40 * dimension }, (_, i) => (i % 17 === 0 ? 0 : random()));
    const frame = decodeFrame(frameBytes({ neurons: 40, dimension, samples: 1, unitIn, logIn: Array.from({ length: 40 }, (_, j) => (j % 9 === 0 ? -1e30 : random() - j)) }));
    const [xs, ys] = [Float64Array.from({ length: 11 }, (_, i) => i / 4 - 1), Float64Array.from({ length: 7 }, (_, i) => 1 - i / 3)];
    const points = Float64Array.from([...ys].flatMap((y) => [...xs].flatMap((x) => [x, y])));
    expect(outputsOnGrid(frame, xs, ys)).toEqual(outputsAt(frame, points, 2));
  });
});

describe("logSquaredNorm", () => {
  it("does not underflow", () => {
    // By hand: e^(2·1) + e^0 + e^2 in the first, three times e^(−2000) in the second.
    const large = decodeFrame(frameBytes({ neurons: 2, dimension: 2, samples: 1, logIn: [-1000, 1] }));
    expect(logSquaredNorm(large)).toBeCloseTo(Math.log(1 + 2 * Math.E ** 2), 6);
    expect(logSquaredNorm({ ...large, logIn: Float32Array.of(-1000, -1e30), logOut: Float32Array.of(-1000, -1000) })).toBeCloseTo(-2000 + Math.log(3), 6);
  });
});

describe("kinks", () => {
  it("are where the pre-activation changes its sign", () => {
    expect(kinkOf(lines, 0)).toBeCloseTo(-0.8 / 0.6, 5);
    expect(kinkOf(lines, 1)).toBeCloseTo(0.8 / 0.6, 5);
  });

  it("are counted once where they are together, and not at all where they are not seen", () => {
    const frame = decodeFrame(frameBytes({ neurons: 4, dimension: 2, samples: 1, logIn: [0, -1, -2, -20], unitIn: [1, -1, 1, 3, 1, -1.005, 1, 7] }));
    // Products e^0, e^0, e^0, e^-17; signs + − + −.
    const found = distinctKinks(frame);
    expect(found.map(({ sign }) => sign)).toEqual([-1, 1]);
    expect(found[1]!.position).toBeCloseTo(1.0025, 5);
    expect(Math.abs(variationNorm(frame) - 3)).toBeLessThan(FLOAT);
  });
});

describe("symmetricEigen", () => {
  it("takes a matrix apart", () => {
    const d = 5;
    const a = Float64Array.from({ length: d * d }, (_, i) => Math.sin(1 + Math.min(i % d, Math.floor(i / d)) * 7 + Math.max(i % d, Math.floor(i / d)) * 3));
    const { values, vectors } = symmetricEigen(a, d);
    for (let i = 0; i < d; i++) {
      for (let row = 0; row < d; row++) {
        let product = 0;
        for (let k = 0; k < d; k++) {
          product += a[row * d + k]! * vectors[k * d + i]!;
        }

        expect(Math.abs(product - values[i]! * vectors[row * d + i]!)).toBeLessThan(EXACT);
      }
    }
  });
});

describe("planeOf", () => {
  it("finds the two directions of neurons that lie in a plane", () => {
    const frame = decodeFrame(frameBytes({ neurons: 2, dimension: 3, samples: 1, logIn: [0, -1], unitIn: [0, 0, 1, 0, 1, 0] }));
    const plane = planeOf(frame);
    expect(plane.shares![0] + plane.shares![1]).toBeCloseTo(1, 12);
    expect(inPlane(plane, frame, 0).map(Math.abs)).toEqual([expect.closeTo(1, 6), expect.closeTo(0, 6)]);
    expect(inPlane(plane, frame, 1).map(Math.abs)).toEqual([expect.closeTo(0, 6), expect.closeTo(1, 6)]);
  });
});

describe("PlanePlaces", () => {
  const frameOf = (logIn: number[]) => decodeFrame(frameBytes({ neurons: 2, dimension: 2, samples: 1, logIn, unitIn: [0.6, 0.8, 0, -1] }));

  it("are the directions by their norms against the longest", () => {
    const places = new PlanePlaces(3).of(frameOf([-700, -700 - Math.LN2]), planeOf(lines));
    expect([...places]).toEqual([0.6, 0.8, 0, -0.5].map((value) => expect.closeTo(value, 4)));
  });

  it("are found once for each of the last frames and a plane", () => {
    const [places, plane, frames] = [new PlanePlaces(3), planeOf(lines), [0, 1, 2, 3].map((log) => frameOf([log, 0]))];
    const first = frames.map((frame) => places.of(frame, plane));
    expect(frames.slice(1).map((frame) => places.of(frame, plane))).toEqual(first.slice(1));
    expect(frames.slice(1).every((frame, i) => places.of(frame, plane) === first[i + 1])).toBe(true);
    expect(places.of(frames[0]!, plane)).not.toBe(first[0]);
    expect(places.of(frames[3]!, planeOf(lines))).not.toBe(first[3]);
  });
});

describe("shares of winners", () => {
  it("are by norm and angle to the pull", () => {
    // Two positive neurons (0 and 2) see the positive sample x = (1, 0); 2 sees the negative one too.
    const frame = decodeFrame(frameBytes({ neurons: 3, dimension: 2, samples: 2, logIn: [0, 0, 0], unitIn: [1, 0, 0, 1, 0.6, 0.8], gates: [[0], [0], [0]] }));
    const targets = [[2], [-1]];
    expect(cleanStarters(frame, targets, 1)).toEqual([0, 2]);
    const shares = predictedShares(frame, [0, 2], [[1, 0], [-1, 0]], targets, 1, false);
    expect(shares[0]! / shares[1]!).toBeCloseTo((2 / 1.6) ** 2, 6);
    expect(measuredShares(frame, [0, 2])).toEqual([0.5, 0.5]);
  });
});

describe("contour", () => {
  const gridOf = (columns: number, rows: number, f: (x: number, y: number) => number) => Array.from({ length: columns * rows }, (_, i) => f(i % columns, Math.floor(i / columns)));
  const fieldOf = (f: (x: number, y: number) => number) => (places: Float64Array) => Float64Array.from({ length: places.length / 2 }, (_, i) => f(places[2 * i]!, places[2 * i + 1]!));
  const pointsOf = (f: (x: number, y: number) => number, columns: number, rows: number) => contour(gridOf(columns, rows, f), columns, rows, fieldOf(f)).filter(Number.isFinite);

  // What five halvings of an edge leave.
  const CELL = 1 / 32;

  it("follows the zero of a plane", () => {
    const points = pointsOf((x) => x - 0.25, 3, 3).filter((_, i) => i % 2 === 0);
    expect(points.length).toBe(4);
    points.forEach((x) => expect(Math.abs(x - 0.25)).toBeLessThan(CELL));
  });

  it("is the border of a region also where the function vanishes beyond it", () => {
    // σ(x/2 + y/3 − 2.4): zero on the grid points beyond, so that they say nothing of where it begins to be.
    const points = pointsOf((x, y) => Math.max(0, x / 2 + y / 3 - 2.4), 9, 9);
    expect(points.length).toBeGreaterThan(20);
    for (let i = 0; i < points.length; i += 2) {
      expect(Math.abs(points[i]! / 2 + points[i + 1]! / 3 - 2.4)).toBeLessThan(CELL);
    }
  });

  it("goes through a bend between two corners where it is", () => {
    // Along x it is −1 at 0, 3 at 1 and crosses at 0.9: a straight line between the corners would say 0.25.
    const points = pointsOf((x) => Math.max(-1, 40 * (x - 0.9) - 1) + 1 - 1e-9, 2, 3).filter((_, i) => i % 2 === 0);
    expect(points.length).toBe(4);
    points.forEach((x) => expect(Math.abs(x - 0.9)).toBeLessThan(CELL));
  });

  it("parts the positive corners at a saddle", () => {
    const saddle = (x: number, y: number) => (x - 0.5) * (y - 0.5);
    const pieces = contour(gridOf(2, 2, saddle), 2, 2, fieldOf(saddle));
    expect(pieces.filter((_, i) => i % 6 < 4).map((value) => Math.round(value * 2) / 2)).toEqual([0.5, 0, 0, 0.5, 1, 0.5, 0.5, 1]);
    expect(pieces.length).toBe(12);
  });

  it("asks for the function at crossed edges alone", () => {
    const plane = (x: number, y: number) => x - y - 0.3;
    let asked = 0;
    contour(gridOf(48, 48, plane), 48, 48, (places) => {
      asked += places.length / 2;
      return fieldOf(plane)(places);
    });
    // The diagonal crosses some two edges a row, and is straight.
    expect(asked).toBeLessThan(2 * 48 + 2);
  });
});
