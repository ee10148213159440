/** Values of a function at places: x, y in turn, in units of cells. */
export type Field = (places: Float64Array) => Float64Array;

// Halvings of an edge: a crossing is right to 1/256 of a cell.
const HALVINGS = 8;

// The corners of a cell in turn; edge i goes from corner i to the next.
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]] as const;

/**
 * The border of where a function is positive, by its values on a grid (row-major): pieces of lines as x, y in units of cells, each followed by NaN, NaN.
 * Marching squares; a saddle cell is cut by the two pieces that part its positive corners. Where an edge is crossed is found by halving it, since between two corners the function may
 * bend, and vanish on a whole stretch. Cost: eight values of the function for each edge that is crossed.
 */
export function contour(values: ArrayLike<number>, columns: number, rows: number, field: Field): number[] {
  // An edge that is crossed, from its positive end (x, y) to the other, by a number of its own: cells on both sides share it.
  const edges = new Map<number, number>();
  const [inner, outer]: [number[], number[]] = [[], []];
  const pieces: number[] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const isPositive = CORNERS.map(([dx, dy]) => values[(row + dy) * columns + column + dx]! > 0);
      const crossed: number[] = [];
      CORNERS.forEach(([x, y], i) => {
        const next = CORNERS[(i + 1) % 4]!;
        if (isPositive[i] !== isPositive[(i + 1) % 4]) {
          const name = 2 * ((row + Math.min(y, next[1])) * columns + column + Math.min(x, next[0])) + (y === next[1] ? 0 : 1);
          if (!edges.has(name)) {
            edges.set(name, edges.size);
            const [from, to] = isPositive[i] ? [[x, y], next] : [next, [x, y]];
            inner.push(column + from[0]!, row + from[1]!);
            outer.push(column + to[0]!, row + to[1]!);
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

  const crossings = halved(Float64Array.from(inner), Float64Array.from(outer), field);
  return pieces.flatMap((edge, i) => (i % 2 === 0 ? [crossings[2 * edge]!, crossings[2 * edge + 1]!] : [crossings[2 * edge]!, crossings[2 * edge + 1]!, NaN, NaN]));
}

// Halves pieces with a positive and another end, all at once, and returns the middles of what is left.
function halved(inner: Float64Array, outer: Float64Array, field: Field): Float64Array {
  const middles = () => inner.map((value, i) => (value + outer[i]!) / 2);
  for (let i = 0; i < HALVINGS; i++) {
    const middle = middles();
    field(middle).forEach((value, edge) => {
      const end = value > 0 ? inner : outer;
      end[2 * edge] = middle[2 * edge]!;
      end[2 * edge + 1] = middle[2 * edge + 1]!;
    });
  }

  return middles();
}
