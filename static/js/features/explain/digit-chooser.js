/** Which digit of several is explained: a choice of them, and boxes around them on the paper. */

import { say } from "../../text/catalogue.js";
import { withArticle } from "../../text/digits.js";
import { frameAround } from "../../widgets/boxes.js";
import { markLeftOut } from "../../widgets/left-out.js";
import { byId, el, svg } from "../../widgets/element.js";

/** @typedef {import("../../api/explain.js").Explanation} Explanation */
/** @typedef {{ width: number, height: number }} Size of the picture that was sent, in pixels */

export class DigitChooser {
  #place = byId("digits", HTMLElement);
  #marks = byId("marks", SVGSVGElement);
  #onDigit;

  /**
   * `onDigit(index)` is called where the reader chose another digit.
   *
   * @param {(index: number) => void} onDigit
   */
  constructor(onDigit) {
    this.#onDigit = onDigit;
  }

  /**
   * @param {Explanation} answer
   * @param {number} chosen
   * @param {Size | null} size null where the browser cannot show the picture
   */
  show({ digits, text, box, refusal, left_out: leftOut }, chosen, size) {
    const isChoice = digits.length > 1;
    this.#place.hidden = !isChoice;
    if (isChoice) this.#offer(digits, text, chosen);
    else this.#place.replaceChildren();
    const boxes = isChoice ? digits.map((digit) => digit.box) : refusal !== null && box !== null ? [box] : [];
    this.#mark(boxes, chosen, size);
    if (size === null) return;
    const scale = size.width / (this.#marks.clientWidth || size.width);
    this.#marks.append(...markLeftOut(leftOut, digits.map((digit) => digit.box), size, scale));
  }

  clear() {
    this.#place.hidden = true;
    this.#place.replaceChildren();
    this.#marks.replaceChildren();
  }

  /**
   * @param {import("../../api/predict.js").Digit[]} digits
   * @param {string} text
   * @param {number} chosen
   */
  #offer(digits, text, chosen) {
    const focused = [...this.#place.querySelectorAll("button")].findIndex((one) => one === document.activeElement);
    const buttons = digits.map(({ digit, normalised }, index) => {
      const alt = say("subject.choose", { number: index + 1, digit: withArticle(digit) });
      const click = () => this.#onDigit(index);
      const pressed = String(index === chosen);
      const image = el("img", { src: normalised, width: 28, height: 28, alt });
      return el("button", { type: "button", class: "digit-choice", "aria-pressed": pressed, click }, image);
    });
    const words = say("subject.which", { count: digits.length, text: text.replaceAll("\n", " / ") });
    this.#place.replaceChildren(el("p", {}, words), ...buttons);
    buttons[focused]?.focus();
  }

  /**
   * @param {number[][]} boxes
   * @param {number} chosen
   * @param {Size | null} size
   */
  #mark(boxes, chosen, size) {
    this.#marks.replaceChildren();
    if (size === null) return;
    this.#marks.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    boxes.forEach((box, index) => {
      const place = frameAround(box);
      const isMeant = index === chosen;
      if (isMeant) this.#marks.append(svg("rect", { ...place, class: "mark-halo" }));
      this.#marks.append(svg("rect", { ...place, class: isMeant ? "mark is-meant" : "mark" }));
    });
  }
}
