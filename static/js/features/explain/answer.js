/** The answer at the top of the page: the digit, the words, the bars. */

import { describe, percent, withArticle } from "../../widgets/answer-words.js";
import { Bars } from "../../widgets/bars.js";

const JOINED = "These digits run together; what is explained here is all of them as if they were one.";

export class AnswerView {
  #verdict = document.getElementById("verdict");
  #digit = this.#verdict.querySelector(".verdict-digit");
  #words = this.#verdict.querySelector(".verdict-words");
  #detail = this.#verdict.querySelector(".verdict-detail");
  #warning = this.#verdict.querySelector(".verdict-warning");
  #bars = new Bars(document.getElementById("bars"));
  #refused = document.getElementById("refused");
  #refusedWords = document.getElementById("refused-words");

  show({ digit, confidence, probabilities, refusal, left_out, joined }) {
    const seen = refusal === null ? [{ digit, confidence }] : [];
    const { kind, shown, words } = describe({ digits: seen, text: String(digit), refusal });
    const detail = refusal === null ? `${percent(confidence)} sure` : `The network, left alone, would say ${withArticle(digit)}, ${percent(confidence)} sure.`;
    const warnings = [joined ? JOINED : "", left_out?.message ?? ""];
    this.#say(kind, shown, words, detail, warnings.filter(Boolean).join(" "));
    this.#bars.show(probabilities);
    this.#refused.hidden = refusal === null;
    if (refusal !== null) this.#refusedWords.textContent = wordsOfRefusal(refusal.code, digit, confidence);
  }

  problem(words, detail) {
    this.#say("problem", "", words, detail);
    this.#bars.rest();
    this.#refused.hidden = true;
  }

  #say(kind, shown, words, detail, warning = "") {
    this.#verdict.dataset.kind = kind;
    this.#digit.textContent = shown;
    this.#words.textContent = words;
    this.#warning.textContent = warning;
    this.#detail.textContent = detail;
  }
}

function wordsOfRefusal(code, digit, confidence) {
  const start =
    code === "blank"
      ? "Nothing was drawn, so every one of the 784 numbers is 0. The network computes all the same: zero times any weight is zero, only the biases are left, and they go through all the layers as if they were a picture."
      : "The program found no digit here, and says so. The network below was shown what there is all the same.";
  return `${start} At the end stands a softmax, and its ten probabilities always add up to 1: some digit must come first. Here it is ${withArticle(digit)}, ${percent(confidence)} sure. It has no way to say “nothing”. This is why a blank page was once called an 8; to refuse one, somebody has to look at the paper before the network does.`;
}
