/** The server's answer in words. */

import { say } from "../text/catalogue.js";
import { withArticle } from "../text/digits.js";
import { wordsOfLeftOut } from "./left-out.js";
import { formatPercent } from "./numbers.js";

const SURE = 0.9;
const LIKELY = 0.6;
/** Of the digits' median height: what is as tall may be one of them. */
const TALL = 0.8;
/** Why something is left out that may be a digit. */
const DOUBTFUL = new Set(["not_a_digit", "unsure", "cut_off", "runs_together"]);

/** @typedef {import("../api/predict.js").Reason} Reason */
/**
 * @typedef {object} Found
 * @property {number} digit
 * @property {number} confidence
 * @property {number[]} [alternatives]
 * @property {Reason | null} [because]
 * @property {number[]} [box]
 */
/** @typedef {import("../api/predict.js").LeftOut} LeftOut */

/**
 * @typedef {object} Answer
 * @property {Found[]} digits
 * @property {string} text
 * @property {Reason | null} refusal
 * @property {Reason | null} [unfinished]
 * @property {LeftOut[]} [left_out]
 */

/**
 * What the page says of an answer.
 *
 * `kind` is "digit", "number" or "refusal"; `shown` is what is written large ("" for a refusal);
 * `words` is the sentence and `detail` what stands below it; `warning` says that there is more, which
 * was not read; `spoken` is for screen readers alone, which would read a number's digits as millions.
 *
 * @typedef {object} Description
 * @property {"digit" | "number" | "refusal"} kind
 * @property {string} shown
 * @property {string} words
 * @property {string} detail
 * @property {string} warning
 * @property {string} spoken
 */

/**
 * What is read "perhaps", and marked so among several.
 *
 * @param {{ confidence: number }} found
 */
export function isUnsure({ confidence }) {
  return confidence < LIKELY;
}

/** @param {number} confidence */
export function wordsOfConfidence(confidence) {
  return say("answer.confidence", { percent: formatPercent(confidence) });
}

/**
 * @param {Answer} answer
 * @returns {Description}
 */
export function describe(answer) {
  if (answer.digits.length === 0) {
    const words = answer.refusal?.message ?? say("answer.none");
    return { kind: "refusal", shown: "", words, detail: "", warning: "", spoken: "" };
  }
  const words = answer.digits.length === 1 ? describeDigit(answer.digits[0]) : describeNumber(answer);
  return { ...words, warning: wordsOfRest(answer) };
}

/**
 * What was seen beside the answer and not read, and whether it may be a digit; "" where that is nothing.
 *
 * @param {Pick<Answer, "digits" | "unfinished" | "left_out">} answer
 */
export function wordsOfRest(answer) {
  const parts = [answer.unfinished?.message ?? "", wordsOfLeftOut(answer.left_out ?? []), wordsOfDoubt(answer)];
  return parts.filter(Boolean).join(" ");
}

/**
 * What is as tall as a digit and was not read may be one: whoever takes the number over has to look.
 *
 * @param {Pick<Answer, "digits" | "left_out">} answer
 */
function wordsOfDoubt({ digits, left_out: leftOut = [] }) {
  const heights = digits.flatMap(({ box }) => (box ? [box[3]] : [])).sort((a, b) => a - b);
  if (heights.length === 0) return "";
  const least = TALL * heights[Math.floor(heights.length / 2)];
  const count = leftOut.filter(({ why, box }) => DOUBTFUL.has(why) && box[3] >= least).length;
  return count === 0 ? "" : say("answer.tall", { count });
}

/**
 * @param {Found} found
 * @returns {Description}
 */
function describeDigit({ digit, confidence, alternatives = [], because }) {
  const [other] = alternatives;
  const values = { digit: withArticle(digit), other: other === undefined ? "" : withArticle(other) };
  const words = say(codeOf(confidence, other !== undefined), values);
  const detail = [wordsOfConfidence(confidence), because?.message ?? ""].filter(Boolean).join(" ");
  return { kind: "digit", shown: String(digit), words, detail, warning: "", spoken: "" };
}

/**
 * @param {number} confidence
 * @param {boolean} hasOther whether another digit is near
 */
function codeOf(confidence, hasOther) {
  if (confidence >= SURE) return "answer.sure";
  if (confidence >= LIKELY) return hasOther ? "answer.likelyOr" : "answer.likely";
  return hasOther ? "answer.unsureOr" : "answer.unsure";
}

/**
 * @param {Answer} answer
 * @returns {Description}
 */
function describeNumber({ digits, text, unfinished }) {
  const words = say(unfinished ? "answer.firstOfMore" : "answer.count", { count: digits.length });
  const reasons = new Set(digits.flatMap(({ because }) => (because ? [because.message] : [])));
  const detail = [wordsOfLeast(digits), ...reasons].join(" ");
  return { kind: "number", shown: text, words, detail, warning: "", spoken: spell(text) };
}

/** @param {Found[]} digits */
function wordsOfLeast(digits) {
  const least = digits.reduce((a, b) => (b.confidence < a.confidence ? b : a));
  const percent = formatPercent(least.confidence);
  if (least.confidence >= SURE) return say("answer.sureOfEach", { percent });
  const place = say("place", { place: digits.indexOf(least) + 1 });
  const values = { place, digit: withArticle(least.digit), percent };
  const [other] = least.alternatives ?? [];
  if (other === undefined) return say("answer.leastSure", values);
  return say("answer.leastSureOr", { ...values, other: withArticle(other) });
}

/**
 * "05\n22" as "0 5, 2 2".
 *
 * @param {string} text
 */
function spell(text) {
  return text
    .split("\n")
    .map((line) => [...line].join(" "))
    .join(", ");
}
