/** What maps of evidence say, in words. Maps are 28 × 28 numbers, row by row. */

import { formatNumber } from "../../widgets/numbers.js";
import { withArticle } from "../../widgets/answer-words.js";

const SIDE = 28;

/** The digit fills the middle 20 points, and is divided in three both ways. */
const BOUNDS = [11, 17];
const NAMES = [
  ["at the top left", "at the top", "at the top right"],
  ["on the left", "in the middle", "on the right"],
  ["at the bottom left", "at the bottom", "at the bottom right"],
];

/** Below this share of the strongest, a part is not worth a word. */
const WORTH_A_WORD = 0.15;

const third = (place) => BOUNDS.filter((bound) => place >= bound).length;

/** Where the numbers above zero lie thickest, as words; null where there are none. */
export function thickestPart(values) {
  const sums = new Float32Array(9);
  values.forEach((value, i) => {
    if (value > 0) sums[third(Math.floor(i / SIDE)) * 3 + third(i % SIDE)] += value;
  });
  const best = sums.indexOf(Math.max(...sums));
  return sums[best] > 0 ? NAMES[Math.floor(best / 3)][best % 3] : null;
}

/** What covering ink showed. */
export function wordsOfOcclusion(digit, occlusion) {
  const most = Math.max(...occlusion);
  const least = Math.min(...occlusion);
  if (most <= 0 && least >= 0) return `Nothing could be covered: there is no ink that spoke for ${withArticle(digit)} or against it.`;
  const against = occlusion.map((value) => -value);
  const spoke = most > 0 ? `The ink ${thickestPart(occlusion)} speaks most for ${withArticle(digit)}: without it the score falls by up to ${formatNumber(most)}.` : "";
  const contradicted = -least > most * WORTH_A_WORD ? `The ink ${thickestPart(against)} speaks against it: without it the score rises by up to ${formatNumber(-least)}.` : "No ink speaks against it worth a word.";
  return `${spoke} ${contradicted}`.trim();
}

/** What more ink would do. */
export function wordsOfGradient(digit, gradient) {
  // Point by point it changes its sign; what a stroke would do shows in the mean of neighbours.
  const broad = smooth(smooth(gradient));
  const more = thickestPart(broad);
  const less = thickestPart(broad.map((value) => -value));
  const helps = more && `More ink ${more} would make it more of ${withArticle(digit)}`;
  const harms = less && less !== more && `ink ${less} would make it less of one`;
  if (helps && harms) return `${helps}; more ${harms}.`;
  if (helps) return `${helps}, or less, point by point.`;
  return less ? `More ink ${less} would make it less of ${withArticle(digit)}.` : "More ink would change nothing here.";
}

/**
 * How each point would have to change for the runner-up to gain on the winner.
 *
 * Above zero: ink that would have to be added; below zero: ink that would have to go. Ink cannot
 * be added where it is, nor taken from where there is none. Neighbours are averaged, since a
 * single point is no stroke.
 */
export function changeTowards(pixels, winner, runnerUp) {
  const wish = smooth(runnerUp.map((value, i) => value - winner[i]));
  return wish.map((value, i) => (value > 0 ? value * (1 - pixels[i]) : value * pixels[i]));
}

/** "What would have made it a 9", in words. */
export function wordsOfChange(winner, runnerUp, scores, change) {
  const behind = formatNumber(scores[winner] - scores[runnerUp]);
  const more = thickestPart(change);
  const less = thickestPart(change.map((value) => -value));
  const parts = [more && `more ink ${more}`, less && `less ink ${less}`].filter(Boolean).join(", and ");
  const gap = `The ${runnerUp} came second, ${behind} points behind the ${winner}.`;
  if (parts === "") return gap;
  return `${gap} ${parts[0].toUpperCase()}${parts.slice(1)} would have pulled the answer from the ${winner} towards the ${runnerUp}.`;
}

function smooth(values) {
  return values.map((_, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    let sum = 0;
    let count = 0;
    for (let r = Math.max(0, row - 1); r <= Math.min(SIDE - 1, row + 1); r += 1) {
      for (let c = Math.max(0, column - 1); c <= Math.min(SIDE - 1, column + 1); c += 1) {
        sum += values[r * SIDE + c];
        count += 1;
      }
    }
    return sum / count;
  });
}
