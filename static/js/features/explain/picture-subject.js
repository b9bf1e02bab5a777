/** A picture in the place of the drawing: where it comes from, how it is shown, which of its digits is meant. */

import { PredictError, Predictor } from "../../api/predict.js";
import { carriedPicture } from "../../session/subject.js";
import { withArticle } from "../../widgets/answer-words.js";
import { el } from "../../widgets/element.js";

const NO_ID = "00000000-0000-0000-0000-000000000000";

export class PictureSubject {
  #place = document.getElementById("picture");
  #digits = document.getElementById("digits");
  #predictor;
  #url = null;
  #onDigit;

  /** `onDigit(index)` is called where the reader chose another digit of the picture. */
  constructor(predictUrl, onDigit) {
    this.#predictor = new Predictor(predictUrl);
    this.#onDigit = onDigit;
  }

  /** A picture from the gallery. Throws a PredictError where there is none for this person. */
  async load(url, id) {
    let response;
    try {
      response = await fetch(url.replace(NO_ID, encodeURIComponent(id)));
    } catch {
      throw new PredictError("away", "The server is away.");
    }
    const isPicture = response.headers.get("Content-Type")?.startsWith("image/");
    if (response.ok && isPicture) return response.blob();
    const isGone = response.status === 404;
    throw new PredictError("refused", isGone ? "There is no such picture (any more)." : "Pictures of the gallery are shown to people who are logged in. Log in, and open it again.");
  }

  /** A picture that was sent on the page Draw. Throws a PredictError where it did not come along. */
  async carried() {
    const blob = carriedPicture();
    if (blob === null) throw new PredictError("refused", "Your picture did not come along: this browser had no room for it, or this is another tab. Send it again on the page Draw, or draw here.");
    return blob;
  }

  async show(blob) {
    this.clear();
    this.#url = URL.createObjectURL(blob);
    this.#place.hidden = false;
    this.#place.replaceChildren(el("img", { class: "subject-picture", src: this.#url, alt: "The picture that is explained" }));
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

  #offer(digits) {
    const buttons = digits.map(({ digit, normalised }, index) =>
      el(
        "button",
        { type: "button", class: "digit-choice", "aria-pressed": String(index === 0), click: () => this.#choose(buttons, index) },
        el("img", { src: normalised, width: 28, height: 28, alt: `Explain number ${index + 1}, ${withArticle(digit)}` }),
      ),
    );
    this.#digits.replaceChildren(el("p", {}, `${digits.length} digits. Which one?`), ...buttons);
    this.#digits.hidden = false;
  }

  #choose(buttons, chosen) {
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index === chosen)));
    this.#onDigit(chosen);
  }
}
