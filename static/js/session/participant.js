/** Who takes part in a wall: kept on it while the page is open, and their corrections told. */

import { withQuery } from "../api/address.js";
import { Client } from "../api/client.js";
import { ApiError } from "../api/error.js";
import { say } from "../text/catalogue.js";
import { byId } from "../widgets/element.js";

/** The wall forgets after eight seconds who says nothing. */
const ALIVE_MS = 3000;

export class Participant {
  #root;
  #saysWatched;
  #client = new Client();
  #state = byId("participant-state", HTMLElement);
  /** Where participants do not tell what they wrote, there is none. */
  #form = document.querySelector("#participant-correct");
  /** @type {Blob | null} the picture whose answer is shown */
  #picture = null;

  /**
   * @param {HTMLElement} root
   * @param {{ saysWatched: boolean }} options whether it says that somebody watches, where the page does not
   */
  constructor(root, { saysWatched }) {
    this.#root = root;
    this.#saysWatched = saysWatched;
    this.#form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#correct();
    });
    this.#stayAlive();
  }

  /** The one of this page, if there is one. */
  static onPage({ saysWatched = true } = {}) {
    const root = document.getElementById("participant");
    return root === null ? null : new Participant(root, { saysWatched });
  }

  get key() {
    return this.#root.dataset.key ?? "";
  }

  get predictUrl() {
    return this.#root.dataset.predictUrl ?? "";
  }

  /**
   * The answer to a picture is shown.
   *
   * @param {Blob} picture
   */
  offer(picture) {
    this.#picture = picture;
    if (this.#form instanceof HTMLFormElement) this.#form.hidden = false;
  }

  async #stayAlive() {
    try {
      const { paused, watched } = await this.#client.post(this.#root.dataset.aliveUrl ?? "");
      if (paused) this.#say(say("wall.paused"));
      else this.#say(watched && this.#saysWatched ? say("wall.watched") : "");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 409 || error.status === 410) this.#say(error.message);
      if (error.status === 410) return;
    }
    setTimeout(() => this.#stayAlive(), ALIVE_MS);
  }

  async #correct() {
    const told = byId("participant-told", HTMLElement);
    if (this.#picture === null || !(this.#form instanceof HTMLFormElement)) return;
    const label = String(new FormData(this.#form).get("label"));
    try {
      const answer = await this.#client.post(withQuery(this.predictUrl, { label }), { body: this.#picture });
      told.textContent = say(answer.image_id ? "wall.told" : "wall.oneDigitOnly");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      told.textContent = error.message;
    }
  }

  /** @param {string} words */
  #say(words) {
    if (this.#state.textContent !== words) this.#state.textContent = words;
  }
}
