/** New digits at random: the form beside the first sheet. */

import { say } from "../../text/catalogue.js";
import { byId, findAll } from "../../widgets/element.js";

const SEEDS = 1_000_000;

export class NewDigits {
  #form = byId("new-form", HTMLFormElement);
  #count = byId("count", HTMLSelectElement);
  #spread = byId("spread", HTMLInputElement);
  #digits = findAll(this.#form, "input[name=digit]", HTMLInputElement);
  #seed = Number(byId("new", HTMLElement).dataset.seed);
  #sheet;

  /** @param {import("./made-sheet.js").MadeSheet} sheet shows what the page came with */
  constructor(sheet) {
    this.#sheet = sheet;
    sheet.adopt(this.#order());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#seed = Math.floor(Math.random() * SEEDS);
      this.#show();
    });
    // The same codes, more or less unusual: a slider shows what it does to the digits that are there.
    this.#spread.addEventListener("input", () => this.#show());
    this.#form.addEventListener("change", ({ target }) => {
      if (target !== this.#spread) this.#show();
    });
  }

  #order() {
    const chosen = this.#digits.filter((box) => box.checked);
    return {
      digits: (chosen.length > 0 ? chosen : this.#digits).map((box) => box.value).join(""),
      count: Number(this.#count.value),
      spread: Number(this.#spread.value),
      seed: this.#seed,
    };
  }

  #show() {
    const order = this.#order();
    const isNone = !this.#digits.some((box) => box.checked);
    byId("none-chosen", HTMLElement).textContent = isNone ? say("generate.noneChosen") : "";
    this.#sheet.show(order, say("generate.sheet", { count: Math.min(order.count, 100) }));
  }
}
