/** A map with its caption. */

import { byId } from "../../widgets/element.js";
import { MapView } from "../../widgets/map-view.js";

export class CaptionedMap {
  #root;
  #caption;

  /**
   * @param {string} id
   * @param {string} captionId
   */
  constructor(id, captionId) {
    this.#root = byId(id, HTMLElement);
    this.#caption = byId(captionId, HTMLElement);
    this.view = new MapView(this.#root);
  }

  /**
   * @param {string} words
   * @param {string} label
   */
  describe(words, label) {
    this.#caption.textContent = words;
    this.#root.setAttribute("aria-label", label);
  }
}
