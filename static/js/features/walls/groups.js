/** What is read alike on a wall, and what it has in common. */

/**
 * Who takes part, as the server describes them.
 *
 * @typedef {object} One
 * @property {string} id
 * @property {string | null} name
 * @property {string | null} text what was read; null where nothing was sent
 * @property {number | null} confidence
 * @property {string | null} ink if it is new; "" where there is none
 */

/** @typedef {{ text: string, count: number, mean: Float32Array }} Group */

const PIXELS = 28 * 28;

/** Of who wrote something in which there is nothing to see. */
export const NO_INK = new Uint8Array(PIXELS);

/**
 * The brightness of ink, 784 bytes row by row, from its base64.
 *
 * @param {string} text
 */
export function inkFrom(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/**
 * Whether somebody wrote something else than what was asked for, as the network reads it.
 *
 * @param {string | null} text
 * @param {string | null} expected
 */
export function isReadWrong(text, expected) {
  return text !== null && expected !== null && text !== expected;
}

/**
 * The groups of those that were read alike, the largest first; "" stands for what was not read.
 *
 * @param {One[]} people
 * @param {Map<string, Uint8Array>} inks by id
 * @returns {Group[]}
 */
export function groupsOf(people, inks) {
  /** @type {Map<string, Uint8Array[]>} */
  const found = new Map();
  for (const { id, text } of people) {
    const ink = inks.get(id);
    if (text === null || ink === undefined) continue;
    found.set(text, [...(found.get(text) ?? []), ink]);
  }
  const groups = [...found].map(([text, all]) => ({ text, count: all.length, mean: meanOf(all) }));
  return groups.sort((a, b) => b.count - a.count || a.text.localeCompare(b.text));
}

/** @param {Uint8Array[]} all */
function meanOf(all) {
  const mean = new Float32Array(PIXELS);
  for (const ink of all) for (let i = 0; i < PIXELS; i += 1) mean[i] += ink[i] / all.length;
  return mean;
}
