/** One picture of the gallery: what it shows, by the network and by a person. */

import { find } from "../../widgets/element.js";
import { describePicture } from "./words.js";

export class Tile {
  #element;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    this.link = find(element, "a", HTMLAnchorElement);
    this.name = find(element, ".tile-name", HTMLElement).textContent ?? "";
  }

  get digit() {
    return this.#element.dataset.digit ?? "";
  }

  get sure() {
    return this.#element.dataset.sure ?? "";
  }

  get label() {
    return this.#element.dataset.label ?? "";
  }

  /** What this person said, which need not be what is shown. */
  get ownLabel() {
    return this.#element.dataset.ownLabel ?? "";
  }

  get labelUrl() {
    return this.#element.dataset.labelUrl;
  }

  get canLabel() {
    return this.labelUrl !== undefined;
  }

  /** @param {boolean} isChosen */
  choose(isChosen) {
    this.#element.classList.toggle("is-chosen", isChosen);
  }

  /**
   * Shows a label, or with "" that there is none, and remembers what this person said.
   *
   * @param {string} label
   * @param {string} ownLabel
   */
  show(label, ownLabel) {
    const element = this.#element;
    element.dataset.label = label;
    element.dataset.ownLabel = ownLabel;
    const isCorrected = label !== "" && label !== this.digit;
    element.classList.toggle("is-corrected", isCorrected);
    element.classList.toggle("is-confirmed", label === this.digit);
    find(element, ".tile-digit", HTMLElement).textContent = symbolOf(label || this.digit);
    find(element, ".tile-network", HTMLElement).hidden = !isCorrected;
    find(element, "img", HTMLImageElement).alt = describePicture(this);
  }
}

/**
 * What stands for a label below a picture.
 *
 * @param {string} label
 */
function symbolOf(label) {
  return label === "none" ? "–" : label;
}
