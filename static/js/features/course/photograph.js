/** The photograph of the steps about colour: a cat, or a picture that the reader brings. */

import { decodeUpright } from "../../pictures/prepare-picture.js";
import { sayOfBrought } from "../../pictures/one-picture.js";
import { say } from "../../text/catalogue.js";
import { contextOf, el, findAll } from "../../widgets/element.js";
import { matrix, round } from "../../widgets/matrix.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */

const SIDE = 32;

export class Photograph {
  #url;
  #channels;
  /** How often a picture was asked for: only the last one is shown. */
  #asked = 0;

  /**
   * `channels` gets red, green and blue: each 32 × 32 numbers from 0 to 1, in hundredths.
   *
   * @param {HTMLElement} course has buttons that bring the cat back
   * @param {string} url of the cat
   * @param {import("./value.js").Value<Matrix[]>} channels
   */
  constructor(course, url, channels) {
    this.#url = url;
    this.#channels = channels;
    for (const button of findAll(course, "[data-part=use-cat]", HTMLButtonElement)) {
      button.addEventListener("click", () => this.showCat());
    }
  }

  async showCat() {
    const mine = this.#ask();
    const image = new Image();
    image.src = this.#url;
    const isLoaded = await image.decode().then(() => true, () => false);
    if (mine !== this.#asked) return;
    if (isLoaded) this.#show(image, image.naturalWidth, image.naturalHeight);
    else sayOfBrought(say("photograph.missing"));
  }

  /** @param {Blob} picture the middle of which is shown, as training would see it */
  async read(picture) {
    const mine = this.#ask();
    const bitmap = await decodeUpright(picture).catch(() => null);
    if (bitmap === null) sayOfBrought(say("photograph.cannotBeOpened"));
    else if (mine === this.#asked) this.#show(bitmap, bitmap.width, bitmap.height);
    bitmap?.close();
  }

  #ask() {
    this.#asked += 1;
    return this.#asked;
  }

  /**
   * @param {CanvasImageSource} picture
   * @param {number} width
   * @param {number} height
   */
  #show(picture, width, height) {
    const side = Math.min(width, height);
    const context = contextOf(el("canvas", { width: SIDE, height: SIDE }));
    context.fillStyle = "#fff";
    context.fillRect(0, 0, SIDE, SIDE);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    const channelOf = (/** @type {number} */ i) =>
      matrix(SIDE, SIDE, data.filter((_, j) => j % 4 === i));
    const inHundredths = (/** @type {Matrix} */ { rows, columns, values }) =>
      matrix(rows, columns, values.map((level) => round(level / 255, 2)));
    this.#channels.set([0, 1, 2].map((i) => inHundredths(channelOf(i))));
  }
}
