/** Values of a function at places: x, y in turn, in units of cells. */
export type Field = (places: Float64Array) => Float64Array;

// Halvings of an edge: a crossing is right to 1/32 of a cell, a third of a pixel.
const HALVINGS = 5;

// Where the straight line between the ends of an edge is zero, a function that does not bend there is so little against the smaller of them.
const STRAIGHT = 1e-6;

// A place in units of cells, and the function there.
interface End {
  x: number;
  y: number;
  value: number;
}

// The corners of a cell in turn; edge i goes from corner i to the next.
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]] as const;

/**
 * The border of where a function is positive, by its values on a grid (row-major): pieces of lines as x, y in units of cells, each followed by NaN, NaN.
 * Marching squares; a saddle cell is cut by the two pieces that part its positive corners. Where an edge is crossed the straight line between its ends says, or else halving, since between
 * two corners the function may bend, and vanish on a whole stretch. Cost: one value of the function for each edge that is crossed, and five more where it is not straight.
 */
export function contour(values: ArrayLike<number>, columns: number, rows: number, field: Field): number[] {
  // An edge that is crossed, from its positive end (x, y) to the other, by a number of its own: cells on both sides share it.
  const edges = new Map<number, number>();
  const ends: End[] = [];
  const pieces: number[] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const first = row * columns + column;
      const count = Number(values[first]! > 0) + Number(values[first + 1]! > 0) + Number(values[first + columns]! > 0) + Number(values[first + columns + 1]! > 0);
      if (count === 0 || count === 4) {
        continue;
      }

      const isPositive = CORNERS.map(([dx, dy]) => values[(row + dy) * columns + column + dx]! > 0);
      const crossed: number[] = [];
      CORNERS.forEach(([x, y], i) => {
        const next = CORNERS[(i + 1) % 4]!;
        if (isPositive[i] !== isPositive[(i + 1) % 4]) {
          const name = 2 * ((row + Math.min(y, next[1])) * columns + column + Math.min(x, next[0])) + (y === next[1] ? 0 : 1);
          if (!edges.has(name)) {
            edges.set(name, edges.size);
            const at = ([dx, dy]: readonly [number, number]) => ({ x: column + dx, y: row + dy, value: values[(row + dy) * columns + column + dx]! });
            ends.push(...(isPositive[i] ? [at([x, y]), at(next)] : [at(next), at([x, y])]));
          }

          crossed.push(edges.get(name)!);
        }
      });
      if (crossed.length === 4) {
        pieces.push(...(isPositive[0] ? [crossed[0]!, crossed[3]!, crossed[1]!, crossed[2]!] : crossed));
      } else {
        pieces.push(...crossed);
      }
    }
  }

  const crossings = located(ends, field);
  return pieces.flatMap((edge, i) => {
    const { x, y } = crossings[edge]!;
    return i % 2 === 0 ? [x, y] : [x, y, NaN, NaN];
  });
}

// Where edges are crossed, given by their positive and their other ends in turn.
function located(ends: readonly End[], field: Field): End[] {
  const edges = Array.from({ length: ends.length / 2 }, (_, i) => ({ inner: ends[2 * i]!, outer: ends[2 * i + 1]!, isFound: false }));
  for (let round = 0; round <= HALVINGS; round++) {
    const open = edges.filter(({ isFound }) => !isFound);
    const tried = open.map(({ inner, outer }) => between(inner, outer, round === 0 && outer.value < 0 ? inner.value / (inner.value - outer.value) : 0.5));
    const values = field(Float64Array.from(tried.flatMap(({ x, y }) => [x, y])));
    open.forEach((edge, i) => {
      const end = { ...tried[i]!, value: values[i]! };
      edge.isFound = round === 0 && end.value !== 0 && Math.abs(end.value) <= STRAIGHT * Math.min(edge.inner.value, -edge.outer.value);
      if (edge.isFound) {
        edge.inner = edge.outer = end;
      } else if (end.value > 0) {
        edge.inner = end;
      } else {
        edge.outer = end;
      }
    });
  }

  return edges.map(({ inner, outer }) => between(inner, outer, 0.5));
}

function between(from: End, to: End, share: number): End {
  return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y), value: NaN };
}
