/** New pictures at random, of a generator of other pictures than digits: the form beside the sheet. */

import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";

const SEEDS = 1_000_000;

export class NewPictures {
  #count = byId("count", HTMLSelectElement);
  #spread = byId("spread", HTMLInputElement);
  #class = /** @type {HTMLSelectElement | null} */ (document.getElementById("class"));
  #seed = Number(byId("new", HTMLElement).dataset.seed);
  #sheet;

  /** @param {import("./made-sheet.js").MadeSheet} sheet shows what the page came with */
  constructor(sheet) {
    const form = byId("new-form", HTMLFormElement);
    this.#sheet = sheet;
    sheet.adopt(this.#order());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#seed = Math.floor(Math.random() * SEEDS);
      this.#show();
    });
    this.#spread.addEventListener("input", () => this.#show());
    form.addEventListener("change", ({ target }) => {
      if (target !== this.#spread) this.#show();
    });
  }

  #order() {
    const order = { count: Number(this.#count.value), spread: Number(this.#spread.value), seed: this.#seed };
    const chosen = this.#class?.value ?? "";
    return chosen === "" ? order : { ...order, class: chosen };
  }

  #show() {
    const order = this.#order();
    this.#sheet.show(order, say("generate.pictures", { count: Math.min(order.count, 100) }));
  }
}
