/**
 * Where values on a grid (row-major) cross a level: pieces of lines as x, y in units of cells, each followed by NaN, NaN.
 * Marching squares; a saddle cell is cut by the two pieces that part its corners above the level.
 */
export function contour(values: ArrayLike<number>, columns: number, rows: number, level: number): number[] {
  const lines: number[] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const corner = (dx: number, dy: number) => values[(row + dy) * columns + column + dx]! - level;
      const [a, b, c, d] = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
      const crossings: [number, number][] = [];
      const cross = (from: number, to: number, x: number, y: number, dx: number, dy: number) => {
        if (from > 0 !== to > 0) {
          const share = from / (from - to);
          crossings.push([column + x + share * dx, row + y + share * dy]);
        }
      };
      cross(a, b, 0, 0, 1, 0);
      cross(b, c, 1, 0, 0, 1);
      cross(c, d, 1, 1, -1, 0);
      cross(d, a, 0, 1, 0, -1);
      const pairs = crossings.length === 4 && a > 0 ? [[0, 3], [1, 2]] : [[0, 1], [2, 3]];
      for (const [i, j] of pairs) {
        if (crossings[i!] && crossings[j!]) {
          lines.push(...crossings[i!]!, ...crossings[j!]!, NaN, NaN);
        }
      }
    }
  }

  return lines;
}
