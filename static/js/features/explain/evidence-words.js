/** What maps of evidence say, in words. */

import { say } from "../../text/catalogue.js";
import { withArticle } from "../../text/digits.js";
import { extent } from "../../widgets/matrix.js";
import { formatNumber } from "../../widgets/numbers.js";
import { smooth, thickestPart } from "./evidence.js";

/** Below this share of the strongest, a part is not worth naming. */
const WORTH_A_WORD = 0.15;

/** @typedef {ArrayLike<number>} Numbers */
/** @typedef {0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8} Part */

/**
 * Where the numbers above zero lie thickest, in words; "" where there are none.
 *
 * @param {Numbers} values
 */
function partInWords(values) {
  const part = /** @type {Part | null} */ (thickestPart(values));
  return part === null ? "" : say(`evidence.part.${part}`);
}

/** @param {Numbers} values */
function opposite(values) {
  return Array.from(values, (value) => -value);
}

/**
 * What covering ink showed.
 *
 * @param {number} number
 * @param {Numbers} occlusion
 */
export function wordsOfOcclusion(number, occlusion) {
  const [least, most] = extent(occlusion);
  const digit = withArticle(number);
  if (most <= 0 && least >= 0) return say("evidence.nothingToCover", { digit });
  const part = partInWords(occlusion);
  const spoke = most > 0 ? say("evidence.speaksFor", { part, digit, points: formatNumber(most) }) : "";
  const against = { part: partInWords(opposite(occlusion)), points: formatNumber(-least) };
  const isWorthAWord = -least > most * WORTH_A_WORD;
  const contradicted = isWorthAWord ? say("evidence.speaksAgainst", against) : say("evidence.noneAgainst");
  return `${spoke} ${contradicted}`.trim();
}

/**
 * What more ink would do.
 *
 * @param {number} number
 * @param {Numbers} gradient
 */
export function wordsOfGradient(number, gradient) {
  // Point by point it changes its sign; what a stroke would do shows in the mean of neighbours.
  const broad = smooth(smooth(gradient));
  const digit = withArticle(number);
  const [more, less] = [partInWords(broad), partInWords(opposite(broad))];
  if (more && less && more !== less) return say("evidence.helpsAndHarms", { digit, more, less });
  if (more) return say("evidence.helps", { digit, more });
  return less ? say("evidence.harms", { digit, less }) : say("evidence.noChange");
}

/**
 * "What would have made it a 9", in words.
 *
 * @param {number} winner
 * @param {number} runnerUp
 * @param {number[]} scores
 * @param {Numbers} change
 */
export function wordsOfChange(winner, runnerUp, scores, change) {
  const points = formatNumber(scores[winner] - scores[runnerUp]);
  const gap = say("evidence.gap", { winner, runnerUp, points });
  const [more, less] = [partInWords(change), partInWords(opposite(change))];
  if (!more && !less) return gap;
  const code = more && less ? "evidence.moreAndLess" : more ? "evidence.moreInk" : "evidence.lessInk";
  return `${gap} ${say("evidence.pulled", { change: say(code, { more, less }), winner, runnerUp })}`;
}
