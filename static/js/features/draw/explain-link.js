/** The link to the page that explains: there the drawing is found anyway, but a picture has to be carried. */

import { keepPicture } from "../../pictures/keep-picture.js";
import { byId } from "../../widgets/element.js";

export class ExplainLink {
  #link = byId("explain", HTMLAnchorElement);

  /** @param {() => Blob | null} pictureNow the picture that the answer is about, if it is not the drawing */
  constructor(pictureNow) {
    this.#link.addEventListener("click", async (event) => {
      const picture = pictureNow();
      if (picture === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      await keepPicture(picture, () => true);
      location.assign(`${this.#link.href}?sent=1`);
    });
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#link.hidden = !isShown;
  }
}
