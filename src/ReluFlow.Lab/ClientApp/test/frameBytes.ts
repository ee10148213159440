/** What a frame is made of; the rest is counted up. */
interface Parts {
  neurons: number;
  dimension: number;
  samples: number;
  request?: number;
  index?: number;
  time?: number;
  loss?: number;
  flags?: number;
  gates?: number[][];
  logIn?: number[];
  unitIn?: number[];
  unitOut?: number[];
}

/** Writes a frame byte by byte as the protocol says: a second route to what `decodeFrame` reads. */
export function frameBytes(parts: Parts): ArrayBuffer {
  const { neurons: m, dimension: d, samples: n, flags = 0 } = parts;
  const coordinates = flags & 2 ? 2 : d;
  const row = Math.ceil(n / 8);
  const view = new DataView(new ArrayBuffer(72 + 4 * m * (2 + coordinates + 1) + m * row));
  [0x314c4652, parts.request ?? 7, parts.index ?? 4, m, d, 1, n, flags].forEach((value, i) => view.setUint32(4 * i, value, true));
  [parts.time ?? 0, parts.loss ?? 1, 2.5, 0.125].forEach((value, i) => view.setFloat64(32 + 8 * i, value, true));
  view.setInt32(64, 3, true);
  view.setInt32(68, -1, true);
  let at = 72;
  const floats = (values: number[]) => values.forEach((value) => {
    view.setFloat32(at, value, true);
    at += 4;
  });
  const counted = (count: number, of: (i: number) => number) => Array.from({ length: count }, (_, i) => of(i));
  floats(parts.logIn ?? counted(m, (j) => 0 - j));
  floats(counted(m, (j) => j));
  floats(parts.unitIn ?? counted(m * coordinates, (i) => i));
  floats(parts.unitOut ?? counted(m, (j) => (j % 2 === 0 ? 1 : -1)));
  parts.gates?.forEach((open, j) => open.forEach((k) => view.setUint8(at + j * row + (k >> 3), view.getUint8(at + j * row + (k >> 3)) | (1 << (k & 7)))));
  return view.buffer;
}
