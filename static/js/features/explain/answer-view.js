/** The answer at the top of the page: the digit, the words, the bars; and why there is none. */

import { say } from "../../text/catalogue.js";
import { withArticle } from "../../text/digits.js";
import { describe, wordsOfConfidence, wordsOfRest } from "../../widgets/answer-words.js";
import { Bars } from "../../widgets/bars.js";
import { byId } from "../../widgets/element.js";
import { formatNumber, formatPercent } from "../../widgets/numbers.js";
import { Verdict } from "../../widgets/verdict.js";

/** @typedef {import("../../api/explain.js").Explanation} Explanation */

export class AnswerView {
  #verdict = new Verdict();
  #bars = new Bars(byId("bars", HTMLElement));
  #refused = byId("refused", HTMLElement);
  #doubtWords = byId("doubt-words", HTMLElement);
  #refusedWords = byId("refused-words", HTMLElement);

  /**
   * @param {Explanation} answer
   * @param {import("../../api/explain.js").Question} question
   */
  show(answer, { digit: index, without }) {
    const { digit, confidence, probabilities, refusal } = answer;
    const alternatives = answer.digits[index]?.alternatives;
    const seen = digit === null || confidence === null ? [] : [{ digit, confidence, alternatives }];
    const { kind, shown, words } = describe({ digits: seen, text: String(digit), refusal });
    const leftAlone = confidence === null;
    const detail = leftAlone ? wordsOfFirst("explain.leftAlone", answer) : detailOf(answer, confidence, index);
    const reason = without.length > 0 || leftAlone ? "" : (answer.digits[index]?.because?.message ?? "");
    const warning = without.length > 0 ? say("explain.lessStages") : warningOf(answer);
    this.#verdict.say(kind, shown, words, [detail, reason].filter(Boolean).join(" "), { warning });
    this.#bars.show(probabilities);
    this.#refused.hidden = refusal === null;
    if (refusal === null) return;
    this.#doubtWords.textContent = wordsOfDoubt(answer);
    const code = refusal.code === "blank" ? "explain.blank" : "explain.notFound";
    this.#refusedWords.textContent = say(code, { end: wordsOfFirst("explain.mustName", answer) });
  }

  /**
   * @param {string} words
   * @param {string} detail
   * @param {string} warning
   */
  problem(words, detail, warning) {
    this.#verdict.say("problem", "", words, detail, { warning });
    this.#bars.rest();
    this.#refused.hidden = true;
  }
}

/**
 * A sentence about the digit that the network alone would name.
 *
 * @param {"explain.leftAlone" | "explain.mustName"} code
 * @param {Explanation} answer
 */
function wordsOfFirst(code, { winner: { digit }, probabilities }) {
  return say(code, { digit: withArticle(digit), percent: formatPercent(probabilities[digit]) });
}

/**
 * How sure the network is, and which digit of several is meant.
 *
 * @param {Explanation} answer
 * @param {number} confidence
 * @param {number} index
 */
function detailOf({ digits, text }, confidence, index) {
  const sure = wordsOfConfidence(confidence);
  if (digits.length < 2) return sure;
  const place = say("place", { place: index + 1 });
  return say("explain.oneOfSeveral", { sure, place, text: text.replaceAll("\n", " / ") });
}

/** @param {Explanation} answer */
function warningOf(answer) {
  return [answer.joined ? say("explain.joined") : "", wordsOfRest(answer)].filter(Boolean).join(" ");
}

/**
 * What spoke against a digit, in numbers where there are any.
 *
 * @param {Explanation} answer
 */
function wordsOfDoubt({ refusal, doubt }) {
  const sentences = [refusal?.message ?? ""];
  const { confidence, least_confidence: leastConfidence, likeness, least_likeness: leastLikeness } = doubt;
  if (doubt.reason === "something_else") {
    if (likeness !== null && leastLikeness !== null && likeness < leastLikeness) {
      sentences.push(say("doubt.unlike", { score: formatNumber(likeness), least: formatNumber(leastLikeness) }));
    }
    if (confidence < leastConfidence) {
      const [percent, least] = [formatPercent(confidence), formatPercent(leastConfidence)];
      sentences.push(say("doubt.unsure", { percent, least }));
    }
  }
  if (doubt.reason === "dots") sentences.push(say("doubt.dots"));
  return sentences.join(" ");
}
