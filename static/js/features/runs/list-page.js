/** The page of all training runs: the one that goes on, and several in one plot. */

import { Client } from "../../api/client.js";
import { Follower } from "../../session/follower.js";
import { fetchPage } from "../../session/fresh-page.js";
import { find, findAll } from "../../widgets/element.js";
import { Comparison } from "./comparison.js";
import { Curves } from "./curves.js";
import { Progress } from "./progress.js";

const PAUSE_MS = 400;

/** The parts of the page that are others when a run begins or ends. The form stays: somebody may be filling it in. */
const CHANGING = ["live", "runs"];

export class RunsPage {
  #client = new Client();
  #comparison = new Comparison(this.#client);
  /** @type {LiveRun | null} */
  #live = LiveRun.on(document);

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const follower = new Follower(connection, {
      isAtWork: () => this.#live !== null,
      ask: () => this.#ask(),
      say: (error) => this.#live?.progress.complain(error),
      pauseMs: PAUSE_MS,
    });
    follower.askNow();
  }

  async #ask() {
    if (this.#live === null) return;
    /** @type {import("./run.js").Run} */
    const run = await this.#client.get(this.#live.address);
    if (run.state === this.#live.state) this.#live.show(run);
    else await this.#turn();
  }

  async #turn() {
    const page = await fetchPage(this.#client);
    if (page === null) return;
    for (const id of CHANGING) {
      const fresh = page.getElementById(id);
      if (fresh !== null) document.getElementById(id)?.replaceWith(document.adoptNode(fresh));
    }
    this.#live = LiveRun.on(document);
    this.#comparison.begin();
  }
}

/** The run that goes on, at the top of the page. */
class LiveRun {
  #curves;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.address = root.dataset.address ?? "";
    this.state = root.dataset.state;
    this.progress = new Progress(find(root, ".run-progress", HTMLElement));
    this.#curves = findAll(root, ".plot", HTMLElement).map((figure) => new Curves(figure));
  }

  /** @param {Document} page */
  static on(page) {
    const root = page.querySelector("#live[data-address]");
    return root instanceof HTMLElement ? new LiveRun(root) : null;
  }

  /** @param {import("./run.js").Run} run */
  show(run) {
    this.progress.show(run);
    for (const curves of this.#curves) curves.show(run);
  }
}
