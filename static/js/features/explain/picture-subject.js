/** A picture in the place of the drawing: where it comes from, and how it is shown. */

import { addressOf } from "../../api/address.js";
import { ApiError } from "../../api/error.js";
import { loadPicture } from "../../api/picture.js";
import { carriedPicture } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { byId, el } from "../../widgets/element.js";

export class PictureSubject {
  #place = byId("picture", HTMLElement);
  /** @type {string | null} */
  #url = null;
  /**
   * Of the picture in pixels, upright; null where the browser cannot show it.
   *
   * @type {{ width: number, height: number } | null}
   */
  size = null;

  /**
   * A picture from the gallery. Throws an ApiError where there is none for this person.
   *
   * @param {string} url
   * @param {string} id
   */
  load(url, id) {
    return loadPicture(addressOf(url, id));
  }

  /**
   * A picture that was sent on the page Draw, or on a model's. Throws an ApiError where it did not come along.
   *
   * @param {string} [model]
   */
  async carried(model = "") {
    const blob = carriedPicture(model);
    if (blob !== null) return blob;
    throw new ApiError("refused", say(model === "" ? "subject.notCarried" : "photograph.notCarried"));
  }

  /**
   * Shows a picture, and resolves when its size is known.
   *
   * @param {Blob} blob
   */
  async show(blob) {
    this.clear();
    this.#url = URL.createObjectURL(blob);
    this.#place.hidden = false;
    const image = el("img", { class: "subject-picture", src: this.#url, alt: say("subject.alt") });
    this.#place.replaceChildren(image);
    const isShown = await image.decode().then(() => true, () => false);
    this.size = isShown ? { width: image.naturalWidth, height: image.naturalHeight } : null;
    if (!isShown && image.isConnected) image.replaceWith(el("p", {}, say("picture.notShown")));
  }

  clear() {
    if (this.#url !== null) URL.revokeObjectURL(this.#url);
    this.#url = null;
    this.size = null;
    this.#place.hidden = true;
    this.#place.replaceChildren();
  }
}
