/** Where a step of the course has its computing done: late, again when something changed, and with patience. */

import { Applier, ApplyError } from "./apply.js";

/** Computed a little before it comes into sight, so that nobody sees it empty. */
const AHEAD = "600px 0px";

export class Bench {
  #applier;
  #connection;
  #problem;
  #work = null;
  #run = 0;
  #isNear = false;
  #isDue = false;

  /** `root` is the step's section: it tells where on the page the step is, and has a place for problems. */
  constructor(root, { applyUrl, connection }) {
    this.#applier = new Applier(applyUrl);
    this.#connection = connection;
    this.#problem = root.querySelector(".step-problem");
    // A whole class opens this page at the same moment: what nobody looks at yet is not asked for.
    new IntersectionObserver(([entry]) => this.#move(entry.isIntersecting), { rootMargin: AHEAD }).observe(root);
    connection.subscribe((state) => {
      if (state === "up" && !this.#problem.hidden) this.#start();
    });
  }

  /**
   * Does `work(ask)` once the step is near; a later call replaces it. `ask(matrix, operation,
   * options)` resolves to the network's result, or to null where the work has been replaced.
   */
  run(work) {
    this.#work = work;
    this.#start();
  }

  #move(isNear) {
    this.#isNear = isNear;
    if (isNear && this.#isDue) this.#start();
  }

  async #start() {
    this.#run += 1;
    this.#isDue = !this.#isNear;
    if (this.#isDue) return;
    const mine = this.#run;
    const ask = (...question) => (mine === this.#run ? this.#applier.apply(...question) : null);
    try {
      await this.#work(ask);
      if (mine === this.#run) this.#problem.hidden = true;
    } catch (error) {
      if (!(error instanceof ApplyError)) throw error;
      if (mine === this.#run) this.#complain(error);
    }
  }

  #complain(error) {
    this.#problem.hidden = false;
    this.#problem.textContent = error.isAway
      ? "The server is away: what you see here is from before, and follows as soon as it is back."
      : error.message;
    if (error.isAway) this.#connection.reportSilence();
  }
}
