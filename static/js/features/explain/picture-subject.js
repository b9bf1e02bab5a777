/** A picture in the place of the drawing: where it comes from, how it is shown, which of its digits is meant. */

import { addressOf } from "../../api/address.js";
import { ApiError } from "../../api/error.js";
import { loadPicture } from "../../api/picture.js";
import { Predictor } from "../../api/predict.js";
import { carriedPicture } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { withArticle } from "../../text/digits.js";
import { byId, el } from "../../widgets/element.js";

export class PictureSubject {
  #place = byId("picture", HTMLElement);
  #digits = byId("digits", HTMLElement);
  #predictor;
  /** @type {string | null} */
  #url = null;
  #onDigit;

  /**
   * `onDigit(index)` is called where the reader chose another digit of the picture.
   *
   * @param {string} predictUrl
   * @param {(index: number) => void} onDigit
   */
  constructor(predictUrl, onDigit) {
    this.#predictor = new Predictor(predictUrl);
    this.#onDigit = onDigit;
  }

  /**
   * A picture from the gallery. Throws an ApiError where there is none for this person.
   *
   * @param {string} url
   * @param {string} id
   */
  load(url, id) {
    return loadPicture(addressOf(url, id));
  }

  /** A picture that was sent on the page Draw. Throws an ApiError where it did not come along. */
  async carried() {
    const blob = carriedPicture();
    if (blob === null) throw new ApiError("refused", say("subject.notCarried"));
    return blob;
  }

  /** @param {Blob} blob */
  async show(blob) {
    this.clear();
    this.#url = URL.createObjectURL(blob);
    this.#place.hidden = false;
    this.#place.replaceChildren(el("img", { class: "subject-picture", src: this.#url, alt: say("subject.alt") }));
    // Which digits there are is a help only: without it, the first one is explained.
    const answer = await this.#predictor.read(blob).catch(() => null);
    if (answer !== null && answer.digits.length > 1) this.#offer(answer.digits);
  }

  clear() {
    if (this.#url !== null) URL.revokeObjectURL(this.#url);
    this.#url = null;
    this.#place.hidden = true;
    this.#place.replaceChildren();
    this.#digits.hidden = true;
    this.#digits.replaceChildren();
  }

  /** @param {import("../../api/predict.js").Digit[]} digits */
  #offer(digits) {
    /** @type {HTMLButtonElement[]} */
    const buttons = digits.map(({ digit, normalised }, index) => {
      const alt = say("subject.choose", { number: index + 1, digit: withArticle(digit) });
      const click = () => this.#choose(buttons, index);
      return el(
        "button",
        { type: "button", class: "digit-choice", "aria-pressed": String(index === 0), click },
        el("img", { src: normalised, width: 28, height: 28, alt }),
      );
    });
    this.#digits.replaceChildren(el("p", {}, say("subject.which", { count: digits.length })), ...buttons);
    this.#digits.hidden = false;
  }

  /**
   * @param {HTMLButtonElement[]} buttons
   * @param {number} chosen
   */
  #choose(buttons, chosen) {
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index === chosen)));
    this.#onDigit(chosen);
  }
}
