/** The page of a training run: how far it is, and the page of its end by itself. */

import { Client } from "../../api/client.js";
import { Follower } from "../../session/follower.js";
import { fetchPage, showMain } from "../../session/fresh-page.js";
import { byId, find } from "../../widgets/element.js";
import { isAtWork } from "./run.js";
import { RunView } from "./run-view.js";

const PAUSE_MS = 400;
const HEAD = ".runs-head";

export class RunPage {
  #client = new Client();
  #view = new RunView(byId("main", HTMLElement));
  #isComplete = false;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const follower = new Follower(connection, {
      isAtWork: () => !this.#isComplete,
      ask: () => this.#ask(),
      say: (error) => this.#view.complain(error),
      pauseMs: PAUSE_MS,
    });
    follower.askNow();
  }

  async #ask() {
    /** @type {import("./run.js").Run} */
    const run = await this.#client.get(location.pathname);
    if (run.state !== this.#view.state && !(await this.#turn(run))) return;
    this.#view.show(run);
    this.#isComplete = !isAtWork(run);
  }

  /**
   * Shows the page as it is since the run has begun, or ended; resolves to whether it is there.
   *
   * @param {import("./run.js").Run} run
   */
  async #turn(run) {
    const page = await fetchPage(this.#client);
    if (page === null) return false;
    if (isAtWork(run)) {
      // Who is reading, or about to cancel it, stays where they are.
      const fresh = find(page, HEAD, HTMLElement);
      find(document, HEAD, HTMLElement).replaceWith(document.adoptNode(fresh));
      this.#view.state = run.state;
    } else {
      showMain(page);
      this.#view = new RunView(byId("main", HTMLElement));
    }
    return true;
  }
}
