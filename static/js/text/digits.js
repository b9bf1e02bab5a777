/** Digits and labels in words. Labels are "0" to "9", "none" for what is not a digit, "" for none given. */

import { say } from "./catalogue.js";

/**
 * "a 7", "an 8".
 *
 * @param {number} digit
 */
export function withArticle(digit) {
  return say("digit", { digit });
}

/** @param {string} label */
export function labelInWords(label) {
  return label === "none" ? say("label.none") : withArticle(Number(label));
}

/** @param {string} sentence */
export function upperFirst(sentence) {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

/** @param {string} sentence */
export function lowerFirst(sentence) {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}
