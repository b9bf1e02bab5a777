/** The picture that was sent, on the paper, with boxes around what was found. */

import { isUnsure, percent } from "../../widgets/answer-words.js";

/** Room between the ink and its box, so that the line does not hide what it marks. */
const MARGIN = 0.08;

const SVG = "http://www.w3.org/2000/svg";

export class PictureView {
  #place;
  #url = null;
  #svg = null;

  constructor(place) {
    this.#place = place;
  }

  /** `picture` is what preparePicture gives. */
  show(picture) {
    this.clear();
    this.#place.hidden = false;
    if (picture.width === null) {
      const note = document.createElement("p");
      note.textContent = "This browser cannot show pictures of this kind.";
      this.#place.replaceChildren(note);
      return;
    }
    this.#url = URL.createObjectURL(picture.blob);
    this.#svg = svgElement("svg", { viewBox: `0 0 ${picture.width} ${picture.height}`, role: "img" });
    const image = svgElement("image", { href: this.#url, width: picture.width, height: picture.height });
    this.#svg.append(image);
    this.#describe("Your picture");
    this.#place.replaceChildren(this.#svg);
  }

  /** Draws a box around each of the digits found. */
  mark(answer) {
    if (this.#svg === null) return;
    for (const digit of answer.digits) this.#svg.append(...boxOf(digit));
    this.#describe(wordsFor(answer));
  }

  clear() {
    if (this.#url !== null) URL.revokeObjectURL(this.#url);
    this.#url = null;
    this.#svg = null;
    this.#place.replaceChildren();
    this.#place.hidden = true;
  }

  /** Where on the screen a box of the picture is, or null where the picture is not shown. */
  placeOf([x, y, width, height]) {
    if (this.#svg === null) return null;
    const matrix = this.#svg.getScreenCTM();
    return new DOMRect(matrix.a * x + matrix.e, matrix.d * y + matrix.f, matrix.a * width, matrix.d * height);
  }

  #describe(words) {
    this.#svg.setAttribute("aria-label", words);
  }
}

function boxOf(found) {
  const { digit, confidence, box: [x, y, width, height] } = found;
  const title = svgElement("title", {});
  title.textContent = `${digit}, ${percent(confidence)}`;
  const margin = MARGIN * Math.max(width, height);
  const attributes = {
    x: x - margin,
    y: y - margin,
    width: width + 2 * margin,
    height: height + 2 * margin,
    class: isUnsure(found) ? "box is-unsure" : "box",
  };
  // A light line below the coloured one, so that a box shows on a dark photo too.
  const halo = svgElement("rect", { ...attributes, class: "box-halo" });
  const box = svgElement("rect", attributes);
  box.append(title);
  return [halo, box];
}

function wordsFor({ digits, text }) {
  if (digits.length === 0) return "Your picture: no digit found";
  if (digits.length === 1) return `Your picture, with a box around a ${text}`;
  return `Your picture, with boxes around ${digits.length} digits: ${text}`;
}

function svgElement(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
