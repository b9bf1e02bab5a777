/** What was read on the paper, and whether it may count without a question. What is expected is not known here. */

/** @typedef {import("../../api/predict.js").Digit} Digit */
/** @typedef {{ text: string, isSure: boolean, problem?: string }} Reading */

/** Probability from which a digit counts as read. */
const SURE = 0.95;
/** Width by height: what is wider may be two digits that touch. */
const WIDEST = 1.4;
const MOST_DIGITS = 8;

/**
 * `text` is "" where there is no number to be proposed.
 *
 * @param {import("../../api/predict.js").Answer} answer
 * @returns {Reading}
 */
export function readingOf({ digits, text, refusal, unfinished, left_out }) {
  if (!/^\d+$/.test(text) || text.length > MOST_DIGITS) return { text: "", isSure: false };
  const isWhole = refusal === null && !unfinished && left_out.length === 0;
  return { text, isSure: isWhole && digits.every(isCertain) && areApart(digits) };
}

/** @param {Digit} digit */
function isCertain({ confidence, alternatives, because, box: [, , width, height] }) {
  return confidence >= SURE && alternatives.length === 0 && because === null && width <= WIDEST * height;
}

/**
 * Whether no digit reaches beside another, as those do that were cut from one piece of ink.
 *
 * @param {Digit[]} digits from left to right
 */
function areApart(digits) {
  return digits.slice(1).every(({ box: [left] }, i) => {
    const [before, , width] = digits[i].box;
    return left >= before + width;
  });
}
