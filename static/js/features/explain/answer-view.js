/** The answer at the top of the page: the digit, the words, the bars. */

import { say } from "../../text/catalogue.js";
import { withArticle } from "../../text/digits.js";
import { describe, wordsOfConfidence } from "../../widgets/answer-words.js";
import { Bars } from "../../widgets/bars.js";
import { byId } from "../../widgets/element.js";
import { formatPercent } from "../../widgets/numbers.js";
import { Verdict } from "../../widgets/verdict.js";

export class AnswerView {
  #verdict = new Verdict();
  #bars = new Bars(byId("bars", HTMLElement));
  #refused = byId("refused", HTMLElement);
  #refusedWords = byId("refused-words", HTMLElement);

  /** @param {import("../../api/explain.js").Explanation} answer */
  show({ digit, confidence, probabilities, refusal, left_out: leftOut, joined }) {
    const seen = refusal === null ? [{ digit, confidence }] : [];
    const { kind, shown, words } = describe({ digits: seen, text: String(digit), refusal });
    const named = { digit: withArticle(digit), percent: formatPercent(confidence) };
    const detail = refusal === null ? wordsOfConfidence(confidence) : say("explain.leftAlone", named);
    const warnings = [joined ? say("explain.joined") : "", leftOut?.message ?? ""];
    this.#verdict.say(kind, shown, words, detail, { warning: warnings.filter(Boolean).join(" ") });
    this.#bars.show(probabilities);
    this.#refused.hidden = refusal === null;
    if (refusal === null) return;
    const code = refusal.code === "blank" ? "explain.blank" : "explain.notFound";
    this.#refusedWords.textContent = say(code, { end: say("explain.mustName", named) });
  }

  /**
   * @param {string} words
   * @param {string} detail
   */
  problem(words, detail) {
    this.#verdict.say("problem", "", words, detail);
    this.#bars.rest();
    this.#refused.hidden = true;
  }
}
