/** New pictures that resemble one that is brought: one beside it, and more below. */

import { acceptOnePicture } from "../../pictures/one-picture.js";
import { dataUrlOf } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { likeOrders } from "./like-orders.js";

const SEEDS = 1_000_000;

export class LikePicture {
  #root = byId("alike", HTMLElement);
  #image = byId("picture", HTMLImageElement);
  #hint = byId("hint", HTMLElement);
  #others = byId("others", HTMLButtonElement);
  #shows = /** @type {HTMLSelectElement | null} */ (document.getElementById("shows"));
  #one;
  #more;
  /** The picture as a data URL. */
  #picture = "";
  #seed = 0;
  /** Counts the pictures, so that work on one since replaced is dropped. */
  #subject = 0;

  /**
   * @param {import("./made-sheet.js").MadeSheet} one
   * @param {import("./made-sheet.js").MadeSheet} more
   */
  constructor(one, more) {
    this.#one = one;
    this.#more = more;
    acceptOnePicture((picture) => this.#take(picture));
    this.#shows?.addEventListener("change", () => this.#make());
    this.#others.addEventListener("click", () => {
      this.#seed = Math.floor(Math.random() * SEEDS);
      this.#make();
    });
  }

  /** @param {Blob} blob */
  async #take(blob) {
    this.#subject += 1;
    const mine = this.#subject;
    const picture = await dataUrlOf(blob);
    if (mine !== this.#subject) return;
    this.#picture = picture;
    this.#one.empty();
    this.#more.empty();
    this.#root.dataset.state = "shown";
    this.#others.hidden = false;
    this.#make();
    await this.#show(blob, () => mine === this.#subject);
  }

  /**
   * @param {Blob} blob
   * @param {() => boolean} isCurrent
   */
  async #show(blob, isCurrent) {
    const before = this.#image.src;
    this.#image.src = URL.createObjectURL(blob);
    const isSeen = await this.#image.decode().then(
      () => true,
      () => false,
    );
    if (before !== "") URL.revokeObjectURL(before);
    if (!isCurrent()) return;
    this.#image.hidden = !isSeen;
    this.#hint.hidden = isSeen;
    if (!isSeen) this.#hint.textContent = say("picture.notShown");
  }

  #make() {
    if (this.#picture === "") return;
    const { one, more } = likeOrders({ like: this.#picture, shows: this.#shows?.value, seed: this.#seed });
    this.#one.show(one, say("generate.oneLike"));
    this.#more.show(more, say("generate.like", { count: more.count }));
  }
}
