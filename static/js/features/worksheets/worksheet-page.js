/** The page of a worksheet: how far the marking is, and the results by themselves when it is done. */

import { Client } from "../../api/client.js";
import { Follower } from "../../session/follower.js";
import { fetchPage, showMain } from "../../session/fresh-page.js";
import { say } from "../../text/catalogue.js";
import { byId, find } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";
import { PagesSending } from "./sending.js";

const PAUSE_MS = 1000;

export class WorksheetPage {
  #client = new Client();

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const follower = new Follower(connection, {
      isAtWork: () => Number(this.#main.dataset.waiting) > 0,
      ask: () => this.#ask(),
      say: (error) => this.#say(error),
      pauseMs: PAUSE_MS,
    });
    new PagesSending(connection, async () => {
      await this.#renew();
      follower.askNow();
    });
  }

  get #main() {
    return byId("main", HTMLElement);
  }

  async #ask() {
    const marking = await this.#client.get(this.#main.dataset.address ?? "");
    if (String(marking.waiting) === this.#main.dataset.waiting) {
      this.#show(marking);
      return;
    }
    await this.#renew();
  }

  async #renew() {
    const page = await fetchPage(this.#client);
    if (page === null) return;
    const typed = this.#typedNames();
    showMain(page);
    for (const field of this.#nameFields()) field.value = typed.get(field.name) ?? field.value;
  }

  #nameFields() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (this.#main.querySelectorAll("input[form=names]"));
  }

  /** Names that were typed and are not saved, by their pages. */
  #typedNames() {
    const changed = [...this.#nameFields()].filter((field) => field.value !== field.defaultValue);
    return new Map(changed.map((field) => [field.name, field.value]));
  }

  /** @param {{ done: number, total: number | null }} marking */
  #show({ done, total }) {
    if (total === null) return; // nobody has begun yet
    const bar = find(this.#main, "progress", HTMLProgressElement);
    bar.max = total;
    bar.value = done;
    const values = { done: formatCount(done), total: formatCount(total) };
    byId("marking-words", HTMLElement).textContent = say("worksheets.progress", values);
  }

  /** @param {import("../../api/error.js").ApiError | null} error */
  #say(error) {
    const words = error?.isAway ? say("worksheets.away") : (error?.message ?? "");
    const note = byId("marking-note", HTMLElement);
    if (note.textContent !== words) note.textContent = words;
  }
}
