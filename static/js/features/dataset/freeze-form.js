/** The form that freezes a version: it shows what the choice would take, while that is being chosen. */

import { Client } from "../../api/client.js";
import { ApiError } from "../../api/error.js";
import { Newest } from "../../api/newest.js";
import { pause } from "../../api/pause.js";
import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";
import { classCount } from "./class-count.js";

/** After the last key. */
const PAUSE_MS = 300;
const FIELDS = ["writer", "from", "to", "made"];

export class FreezeForm {
  #form = byId("freeze-form", HTMLFormElement);
  #words = byId("takes", HTMLElement);
  #classes = byId("takes-classes", HTMLElement);
  #address = byId("main", HTMLElement).dataset.previewUrl ?? "";
  #client = new Client();
  #newest = new Newest();
  #connection;
  #isOwed = false;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    this.#connection = connection;
    this.#form.addEventListener("input", ({ target }) => {
      if (target instanceof HTMLInputElement && FIELDS.includes(target.name)) this.#count();
    });
    connection.subscribe((state) => {
      if (state === "up" && this.#isOwed) this.#count();
    });
    // The browser may have put back what was typed before a reload.
    this.#count();
  }

  async #count() {
    const fields = new FormData(this.#form);
    const query = new URLSearchParams(FIELDS.map((name) => [name, String(fields.get(name) ?? "")]));
    this.#isOwed = false;
    try {
      const found = await this.#newest.ask(async (signal) => {
        await pause(PAUSE_MS);
        return await this.#client.get(`${this.#address}?${query}`, { signal });
      });
      if (found === null) return;
      this.#connection.reportAnswer();
      this.#show(found);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#isOwed = error.isAway;
      if (error.isAway) this.#connection.reportSilence();
      this.#say(error.message, {});
    }
  }

  /** @param {{ pictures: number, classes: Record<string, number> }} found */
  #show({ pictures, classes }) {
    const words = say("collect.takes", { count: pictures, shown: formatCount(pictures) });
    this.#say(pictures === 0 ? say("collect.takesNone") : words, classes);
  }

  /**
   * @param {string} words
   * @param {Record<string, number>} classes
   */
  #say(words, classes) {
    this.#words.textContent = words;
    const there = Object.entries(classes).filter(([, count]) => count > 0);
    this.#classes.replaceChildren(...there.map(([name, count]) => classCount(name, count)));
  }
}
