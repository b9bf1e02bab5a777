/** Numbers in the hand of the person who is logged in. */

import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";

const SEEDS = 1_000_000;

export class OwnHand {
  #text = byId("own-text", HTMLInputElement);
  #sheet;

  /** @param {import("./made-sheet.js").MadeSheet} sheet */
  constructor(sheet) {
    this.#sheet = sheet;
    byId("own-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.write();
    });
  }

  /** Writes what the page's address asks for. */
  show() {
    byId("own", HTMLElement).scrollIntoView({ block: "start" });
    this.write();
  }

  write() {
    const digits = this.#text.value.trim();
    const seed = Math.floor(Math.random() * SEEDS);
    this.#sheet.show({ digits, style: "mine", seed }, say("generate.own", { digits }));
  }
}
