/** One picture of the gallery: what it shows, by the network and by a person. */

import { describePicture } from "../../text/labels.js";

export class Tile {
  #element;

  constructor(element) {
    this.#element = element;
    this.link = element.querySelector("a");
    this.name = element.querySelector(".tile-name").textContent;
  }

  get digit() {
    return this.#element.dataset.digit;
  }

  get sure() {
    return this.#element.dataset.sure;
  }

  get label() {
    return this.#element.dataset.label;
  }

  /** What this person said, which need not be what is shown. */
  get ownLabel() {
    return this.#element.dataset.ownLabel;
  }

  get labelUrl() {
    return this.#element.dataset.labelUrl;
  }

  get canLabel() {
    return this.labelUrl !== undefined;
  }

  choose(isChosen) {
    this.#element.classList.toggle("is-chosen", isChosen);
  }

  /** Shows a label, or with "" that there is none, and remembers what this person said. */
  show(label, ownLabel) {
    const element = this.#element;
    element.dataset.label = label;
    element.dataset.ownLabel = ownLabel;
    const isCorrected = label !== "" && label !== this.digit;
    element.classList.toggle("is-corrected", isCorrected);
    element.classList.toggle("is-confirmed", label === this.digit);
    element.querySelector(".tile-digit").textContent = label === "none" ? "–" : label || this.digit;
    element.querySelector(".tile-network").hidden = !isCorrected;
    element.querySelector("img").alt = describePicture(this);
  }
}
