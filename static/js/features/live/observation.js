/** What was read in a frame, the same for digits and for other classes. */

import { describe } from "../../widgets/answer-words.js";
import { describeClass } from "../../widgets/class-words.js";

/** @typedef {import("../../api/predict.js").Answer} DigitsAnswer */
/** @typedef {import("../../api/classify.js").Classified} ClassAnswer */
/** @typedef {import("./steady.js").Mark} Mark */
/** @typedef {import("../../widgets/verdict.js").More} More */
/** @typedef {More & { kind: string, shown: string, words: string, detail: string }} Words */

/**
 * `words(marks)` says it, with steadied confidences; `canBeKept` that it is one digit, which can be stored.
 *
 * @typedef {object} Observation
 * @property {string} key
 * @property {Mark[]} marks
 * @property {boolean} canBeKept
 * @property {(marks: Mark[]) => Words} words
 */

/**
 * @param {DigitsAnswer} answer
 * @returns {Observation}
 */
export function observeDigits(answer) {
  const { digits, text, refusal, unfinished } = answer;
  return {
    key: digits.length > 0 ? `digits ${text}` : `refusal ${refusal?.code ?? ""}`,
    marks: digits.map(({ digit, confidence, box }) => ({ label: String(digit), confidence, box })),
    canBeKept: digits.length === 1 && !unfinished,
    words: (marks) =>
      describe({
        text, refusal, unfinished,
        digits: marks.map(({ label, confidence }) => ({ digit: Number(label), confidence })),
      }),
  };
}

/**
 * @param {ClassAnswer} answer
 * @param {{ width: number, height: number }} frame the middle of which, a square, was looked at
 * @returns {Observation}
 */
export function observeClass({ probabilities, refusal, ...answer }, { width, height }) {
  const [likeliest, probability] = Object.entries(probabilities).reduce((a, b) => (b[1] > a[1] ? b : a));
  const name = answer.class ?? likeliest;
  const side = Math.min(width, height);
  /** @type {import("./steady.js").Box} */
  const box = [(width - side) / 2, (height - side) / 2, side, side];
  const isNone = answer.class === null;
  return {
    key: isNone ? "none" : `class ${name}`,
    marks: [{ label: isNone ? "" : name, confidence: answer.confidence ?? probability, box }],
    canBeKept: false,
    words: ([{ confidence }]) => ({ shown: "", ...describeClass({ name, confidence, refusal }) }),
  };
}
