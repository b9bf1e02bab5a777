/** One digit on a wall: as the network saw it, with what is said of it. */

import { contextOf, el } from "../../widgets/element.js";

const SIDE = 28;

export class WallTile {
  #canvas = el("canvas", { class: "wall-ink", width: SIDE, height: SIDE, role: "img" });
  #text = el("p", { class: "wall-text" });
  #name = el("p", { class: "wall-name" });
  root = el("li", { class: "wall-tile" }, this.#canvas, this.#text, this.#name);

  /**
   * Draws ink, 0 to 255 of each pixel, as dark on light.
   *
   * @param {ArrayLike<number>} ink
   * @param {string} words what it is
   */
  draw(ink, words) {
    const context = contextOf(this.#canvas);
    const image = context.createImageData(SIDE, SIDE);
    for (let i = 0; i < SIDE * SIDE; i += 1) image.data.set([20, 20, 20, ink[i]], 4 * i);
    context.putImageData(image, 0, 0);
    this.#canvas.setAttribute("aria-label", words);
  }

  /** @param {{ text: string, name?: string, isWrong?: boolean, isQuiet?: boolean }} words */
  say({ text, name = "", isWrong = false, isQuiet = false }) {
    if (this.#text.textContent !== text) this.#text.textContent = text;
    if (this.#name.textContent !== name) this.#name.textContent = name;
    this.root.classList.toggle("is-wrong", isWrong);
    this.root.classList.toggle("is-quiet", isQuiet);
  }
}
