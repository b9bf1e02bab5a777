/** What a generator made after each epoch of a recorded training: one picture, of which one sheet is shown. */

import { say } from "../../text/catalogue.js";
import { byId, find } from "../../widgets/element.js";

export class Epochs {
  #root = byId("epochs", HTMLElement);
  #sheets = find(this.#root, "[data-part=sheets]", HTMLImageElement);
  #slider = find(this.#root, "[data-part=epoch]", HTMLInputElement);
  #words = find(this.#root, "[data-part=words]", HTMLElement);

  constructor() {
    this.#slider.addEventListener("input", () => this.#show());
    this.#show();
  }

  #show() {
    const [epoch, epochs] = [Number(this.#slider.value), Number(this.#root.dataset.epochs)];
    const words = epoch === 0 ? say("generate.epochNone") : say("generate.epoch", { epoch, epochs });
    this.#sheets.style.objectPosition = `0 ${(100 * epoch) / epochs}%`;
    this.#sheets.alt = say("generate.epochSheet", { words });
    this.#words.textContent = words;
    this.#slider.setAttribute("aria-valuetext", words);
  }
}
