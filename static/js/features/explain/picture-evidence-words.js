/** What maps of evidence over a picture say, in words. */

import { say } from "../../text/catalogue.js";
import { extent } from "../../widgets/matrix.js";
import { formatNumber } from "../../widgets/numbers.js";
import { smooth, thickestPart } from "./evidence.js";

/** Below this share of the strongest, a part is not worth naming. */
const WORTH_A_WORD = 0.15;

/** @typedef {ArrayLike<number>} Numbers */
/** @typedef {import("./evidence.js").Parts} Parts */
/** @typedef {0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8} Part */

/**
 * Where the numbers above zero lie thickest, in words; "" where there are none.
 *
 * @param {Numbers} values
 * @param {Parts} parts
 */
function partInWords(values, parts) {
  const part = /** @type {Part | null} */ (thickestPart(values, parts));
  return part === null ? "" : say(`evidence.part.${part}`);
}

/** @param {Numbers} values */
function opposite(values) {
  return Array.from(values, (value) => -value);
}

/**
 * What covering parts of the picture showed.
 *
 * @param {string} name of the class
 * @param {Numbers} occlusion
 * @param {Parts} parts
 */
export function wordsOfCovering(name, occlusion, parts) {
  const [least, most] = extent(occlusion);
  if (most <= 0 && least >= 0) return say("why.nothing");
  const words = [];
  if (most > 0) words.push(say("why.for", { name, part: partInWords(occlusion, parts), points: formatNumber(most) }));
  const isWorthAWord = -least > most * WORTH_A_WORD;
  const against = { part: partInWords(opposite(occlusion), parts), points: formatNumber(-least) };
  words.push(isWorthAWord ? say("why.against", against) : say("why.hardlyAgainst"));
  return words.join(" ");
}

/**
 * What more light would do.
 *
 * @param {string} name of the class
 * @param {Numbers} gradient
 * @param {Parts} parts
 */
export function wordsOfLight(name, gradient, parts) {
  // Point by point it changes its sign; what a patch of light would do shows in the mean of neighbours.
  const broad = smooth(smooth(gradient, parts.columns), parts.columns);
  const [more, less] = [partInWords(broad, parts), partInWords(opposite(broad), parts)];
  if (more && less) return say(more === less ? "why.light" : "why.lightAndDark", { name, more, less });
  if (more) return say("why.light", { name, more });
  return less ? say("why.dark", { name, less }) : say("why.noChange");
}
