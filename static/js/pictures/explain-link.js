/** The link to the page that explains: there a drawing is found anyway, but a picture has to be carried. */

import { byId } from "../widgets/element.js";
import { keepPicture } from "./keep-picture.js";

export class ExplainLink {
  #link = byId("explain", HTMLAnchorElement);

  /**
   * @param {() => Blob | null} pictureNow the picture that the answer is about, if it is not the drawing
   * @param {string} [model] whose picture it is, if not of digits; the link's own address names it
   */
  constructor(pictureNow, model = "") {
    this.#link.addEventListener("click", async (event) => {
      const picture = pictureNow();
      if (picture === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      await keepPicture(picture, () => true, model);
      location.assign(model === "" ? `${this.#link.href}?sent=1` : this.#link.href);
    });
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#link.hidden = !isShown;
  }
}
