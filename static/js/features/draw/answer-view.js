/** The answer: the digit and the words, and what they rest on. */

import { describe, isUnsure, percent } from "../../widgets/answer-words.js";
import { Bars } from "../../widgets/bars.js";
import { slideFrom } from "./slide.js";

const INVITATION = { words: "Draw a digit", detail: "From 0 to 9. The answer appears as you draw." };

export class AnswerView {
  #verdict = document.getElementById("verdict");
  #digit = this.#verdict.querySelector(".verdict-digit");
  #words = this.#verdict.querySelector(".verdict-words");
  #detail = this.#verdict.querySelector(".verdict-detail");
  #warning = this.#verdict.querySelector(".verdict-warning");
  #spoken = document.getElementById("spoken");
  #single = document.getElementById("single");
  #bars = new Bars(document.getElementById("bars"));
  #found = document.getElementById("found");
  #seen = document.getElementById("seen");
  #frame = this.#seen.querySelector(".seen-frame");
  #facts = document.getElementById("facts");

  /** Nothing has been drawn. */
  rest() {
    this.#say("rest", "", INVITATION.words, INVITATION.detail);
    this.#showNothingFound();
  }

  /** A picture is on its way; what was found on the one before is gone. */
  wait(words) {
    this.#say("waiting", "", words, "");
    this.#showNothingFound();
  }

  /** No answer could be had, and why. */
  problem(words, detail) {
    this.#say("problem", "", words, detail);
    this.#showNothingFound();
  }

  /** `placeOf(box)` says where on the screen a box of the picture is, as a DOMRect. */
  show(answer, placeOf) {
    const { kind, shown, words, detail, warning, spoken } = describe(answer);
    this.#say(kind, shown, words, detail, { warning, spoken });
    if (kind === "number") this.#showNumber(answer.digits);
    else if (kind === "digit") this.#showDigit(answer.digits[0], placeOf);
    else this.#showNothingFound();
    this.#facts.textContent = `Read in ${answer.elapsed_ms.toFixed(1)} ms by ${answer.model}`;
  }

  #say(kind, shown, words, detail, { warning = "", spoken = "" } = {}) {
    this.#verdict.dataset.kind = kind;
    this.#digit.textContent = shown;
    this.#words.textContent = words;
    this.#spoken.textContent = spoken;
    this.#warning.textContent = warning;
    this.#detail.textContent = detail;
  }

  #showNothingFound() {
    this.#arrange({ several: false });
    this.#bars.rest();
    this.#frame.replaceChildren();
    this.#facts.textContent = "";
  }

  #showDigit(digit, placeOf) {
    this.#arrange({ several: false });
    this.#bars.show(digit.probabilities);
    const picture = seenPicture(digit);
    this.#frame.replaceChildren(picture);
    slideFrom(picture, placeOf(digit.box));
  }

  #showNumber(digits) {
    this.#arrange({ several: true });
    this.#found.replaceChildren(...digits.map(foundCard));
  }

  #arrange({ several }) {
    this.#single.hidden = several;
    this.#seen.hidden = several;
    this.#found.hidden = !several;
  }
}

/** The 28×28 picture, with words for those who do not see it. */
function seenPicture({ digit, normalised }) {
  const picture = new Image(28, 28);
  picture.className = "seen-picture";
  picture.src = normalised;
  picture.alt = `The ${digit} as the network sees it: white on black, 28 by 28 points`;
  return picture;
}

function foundCard(digit) {
  const card = document.createElement("li");
  card.className = isUnsure(digit) ? "found-card is-unsure" : "found-card";
  const name = document.createElement("span");
  name.className = "found-digit";
  name.textContent = digit.digit;
  const confidence = document.createElement("span");
  confidence.className = "found-percent";
  confidence.textContent = percent(digit.confidence);
  card.append(seenPicture(digit), name, confidence);
  return card;
}
