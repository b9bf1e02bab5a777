/** The page of an upload: how far the server is with it, and the next page by itself. */

import { Client } from "../../api/client.js";
import { Follower } from "../../session/follower.js";
import { fetchPage, showMain } from "../../session/fresh-page.js";
import { say } from "../../text/catalogue.js";
import { byId, find } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";

const PAUSE_MS = 1000;

export class UploadPage {
  #client = new Client();

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    new Follower(connection, {
      isAtWork: () => ["checking", "importing"].includes(this.#main.dataset.state ?? ""),
      ask: () => this.#ask(),
      say: (error) => this.#say(error),
      pauseMs: PAUSE_MS,
    });
  }

  get #main() {
    return byId("main", HTMLElement);
  }

  async #ask() {
    const upload = await this.#client.get(this.#main.dataset.address ?? "");
    if (upload.state === this.#main.dataset.state) {
      this.#show(upload);
      return;
    }
    const page = await fetchPage(this.#client);
    if (page !== null) showMain(page);
  }

  /** @param {{ done: number, total: number | null }} upload */
  #show({ done, total }) {
    if (!total) return; // nobody has begun yet
    const bar = find(this.#main, "progress", HTMLProgressElement);
    bar.max = total;
    bar.value = done;
    const words = find(this.#main, "#upload-words", HTMLElement);
    words.textContent = say("collect.progress", { done: formatCount(done), total: formatCount(total) });
  }

  /** @param {import("../../api/error.js").ApiError | null} error */
  #say(error) {
    const words = error?.isAway ? say("collect.progressAway") : (error?.message ?? "");
    const note = this.#main.querySelector("#upload-note");
    if (note !== null && note.textContent !== words) note.textContent = words;
  }
}
