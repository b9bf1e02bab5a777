/** The picture that was sent, on the paper, with boxes around what was found. */

import { say } from "../../text/catalogue.js";
import { isUnsure } from "../../widgets/answer-words.js";
import { frameAround } from "../../widgets/boxes.js";
import { markLeftOut, wordsOfLeftOut } from "../../widgets/left-out.js";
import { el, svg } from "../../widgets/element.js";
import { formatPercent } from "../../widgets/numbers.js";

/** @typedef {import("../../api/predict.js").Answer} Answer */

export class PictureView {
  #place;
  /** @type {string | null} */
  #url = null;
  /** @type {SVGSVGElement | null} */
  #svg = null;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
  }

  /** @param {import("../../pictures/prepare-picture.js").Prepared} picture */
  show(picture) {
    this.clear();
    this.#place.hidden = false;
    if (picture.width === null) {
      this.#place.replaceChildren(el("p", {}, say("picture.notShown")));
      return;
    }
    const { width, height } = picture;
    this.#url = URL.createObjectURL(picture.blob);
    const image = svg("image", { href: this.#url, width, height });
    const words = say("picture.yours");
    this.#svg = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words }, image);
    this.#place.replaceChildren(this.#svg);
  }

  /**
   * Draws a box around each of the digits found, and a dashed one around what was left out.
   *
   * @param {Answer} answer
   */
  mark(answer) {
    if (this.#svg === null) return;
    const { width, height } = this.#svg.viewBox.baseVal;
    const boxes = answer.digits.map(({ box }) => box);
    const scale = 1 / (this.#svg.getScreenCTM()?.a || 1);
    this.#svg.append(...markLeftOut(answer.left_out ?? [], boxes, { width, height }, scale));
    for (const digit of answer.digits) this.#svg.append(...boxOf(digit));
    this.#svg.setAttribute("aria-label", wordsFor(answer));
  }

  clear() {
    if (this.#url !== null) URL.revokeObjectURL(this.#url);
    this.#url = null;
    this.#svg = null;
    this.#place.replaceChildren();
    this.#place.hidden = true;
  }

  /**
   * Where on the screen a box of the picture is, or null where the picture is not shown.
   *
   * @param {number[]} box
   */
  placeOf([x, y, width, height]) {
    const matrix = this.#svg?.getScreenCTM() ?? null;
    if (matrix === null) return null;
    return new DOMRect(matrix.a * x + matrix.e, matrix.d * y + matrix.f, matrix.a * width, matrix.d * height);
  }
}

/** @param {import("../../api/predict.js").Digit} found */
function boxOf(found) {
  const { digit, confidence } = found;
  const attributes = { ...frameAround(found.box), class: isUnsure(found) ? "box is-unsure" : "box" };
  // A light line below the coloured one, so that a box shows on a dark photo too.
  const halo = svg("rect", { ...attributes, class: "box-halo" });
  const box = svg("rect", attributes, svg("title", {}, `${digit}, ${formatPercent(confidence)}`));
  return [halo, box];
}

/** @param {Answer} answer */
function wordsFor({ digits, text, left_out: leftOut = [] }) {
  if (digits.length === 0) return say("picture.nothingFound");
  const found = say("picture.found", { count: digits.length, text });
  return [found, wordsOfLeftOut(leftOut)].filter(Boolean).join(". ");
}
