/** The answer: the digit and the words, and what they rest on. */

import { say } from "../../text/catalogue.js";
import { describe, isUnsure } from "../../widgets/answer-words.js";
import { Bars } from "../../widgets/bars.js";
import { byId, el, find } from "../../widgets/element.js";
import { formatPercent } from "../../widgets/numbers.js";
import { Verdict } from "../../widgets/verdict.js";
import { slideFrom } from "./slide.js";

/** @typedef {import("../../api/predict.js").Digit} Digit */
/** @typedef {(box: number[]) => DOMRect | null} PlaceOf where on the screen a box of the picture is */

export class AnswerView {
  #verdict = new Verdict();
  #single = byId("single", HTMLElement);
  #bars = new Bars(byId("bars", HTMLElement));
  #found = byId("found", HTMLElement);
  #seen = byId("seen", HTMLElement);
  #frame = find(this.#seen, ".seen-frame", HTMLElement);
  #facts = byId("facts", HTMLElement);

  /** Nothing has been drawn. */
  rest() {
    this.#verdict.say("rest", "", say("draw.invitation"), say("draw.invitationDetail"));
    this.#showNothingFound();
  }

  /** A picture is on its way; what was found on the one before is gone. */
  wait() {
    this.#verdict.say("waiting", "", say("draw.reading"), "");
    this.#showNothingFound();
  }

  /**
   * No answer could be had, and why.
   *
   * @param {string} words
   * @param {string} detail
   */
  problem(words, detail) {
    this.#verdict.say("problem", "", words, detail);
    this.#showNothingFound();
  }

  /**
   * @param {import("../../api/predict.js").Answer} answer
   * @param {PlaceOf} placeOf
   */
  show(answer, placeOf) {
    const { kind, shown, words, detail, warning, spoken } = describe(answer);
    this.#verdict.say(kind, shown, words, detail, { warning, spoken });
    if (kind === "number") this.#showNumber(answer.digits);
    else if (kind === "digit") this.#showDigit(answer.digits[0], placeOf);
    else this.#showNothingFound();
    const { elapsed_ms: elapsed, model } = answer;
    this.#facts.textContent = say("draw.readBy", { milliseconds: elapsed.toFixed(1), model });
  }

  #showNothingFound() {
    this.#arrange({ several: false });
    this.#bars.rest();
    this.#frame.replaceChildren();
    this.#facts.textContent = "";
  }

  /**
   * @param {Digit} digit
   * @param {PlaceOf} placeOf
   */
  #showDigit(digit, placeOf) {
    this.#arrange({ several: false });
    this.#bars.show(digit.probabilities);
    const picture = seenPicture(digit);
    this.#frame.replaceChildren(picture);
    slideFrom(picture, placeOf(digit.box));
  }

  /** @param {Digit[]} digits */
  #showNumber(digits) {
    this.#arrange({ several: true });
    this.#found.replaceChildren(...digits.map(foundCard));
  }

  /** @param {{ several: boolean }} what */
  #arrange({ several }) {
    this.#single.hidden = several;
    this.#seen.hidden = several;
    this.#found.hidden = !several;
  }
}

/**
 * The 28×28 picture, with words for those who do not see it.
 *
 * @param {Digit} found
 */
function seenPicture({ digit, normalised }) {
  const alt = say("draw.seen", { digit });
  return el("img", { class: "seen-picture", src: normalised, width: 28, height: 28, alt });
}

/** @param {Digit} digit */
function foundCard(digit) {
  return el(
    "li",
    { class: isUnsure(digit) ? "found-card is-unsure" : "found-card" },
    seenPicture(digit),
    el("span", { class: "found-digit" }, String(digit.digit)),
    el("span", { class: "found-percent" }, formatPercent(digit.confidence)),
  );
}
