/** How files are divided for sending: many small ones go together, a large one goes in slices. */

/** @typedef {import("./chosen.js").Named} Named */

/**
 * What is sent under one number: files together, or a large one by itself, of which the first `sent` bytes are there.
 *
 * @typedef {{ number: number, files: Named[], isLarge: boolean, sent: number }} Piece
 */

/** Bytes of one request: on a line of 256 kbit/s, half a minute. */
export const MOST_BYTES = 1_000_000;
/** Files of one request. */
const MOST_FILES = 200;

/**
 * @param {Named[]} files
 * @returns {Piece[]}
 */
export function divide(files) {
  /** @type {Piece[]} */
  const pieces = [];
  /** @type {Named[]} */
  let small = [];
  let bytes = 0;
  const add = (/** @type {Named[]} */ some, isLarge = false) => {
    if (some.length > 0) pieces.push({ number: pieces.length, files: some, isLarge, sent: 0 });
  };
  for (const named of files) {
    const { size } = named.file;
    if (size > MOST_BYTES) {
      add([named], true);
      continue;
    }
    if (small.length === MOST_FILES || bytes + size > MOST_BYTES) {
      add(small);
      [small, bytes] = [[], 0];
    }
    small.push(named);
    bytes += size;
  }
  add(small);
  return pieces;
}
