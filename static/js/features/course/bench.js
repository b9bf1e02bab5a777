/** Where a step of the course has its computing done: late, again when something changed, and with patience. */

import { Applier } from "../../api/apply.js";
import { ApiError } from "../../api/error.js";
import { say } from "../../text/catalogue.js";
import { find } from "../../widgets/element.js";
import { matrix, toPlaces, toRows } from "../../widgets/matrix.js";
import { beforePrinting, printAfter } from "../../widgets/printing.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */

/**
 * Resolves to the network's result, or to null where the work has been replaced.
 *
 * A picture is one matrix, or one for each of its channels.
 *
 * @callback Ask
 * @param {Matrix | Matrix[]} picture
 * @param {string} operation
 * @param {Record<string, unknown>} [options]
 * @returns {Promise<Matrix | null>}
 */


/** Computed a little before it comes into sight, so that nobody sees it empty. */
const AHEAD = "600px 0px";

export class Bench {
  #applier;
  #connection;
  #problem;
  /** @type {((ask: Ask) => Promise<void>) | null} */
  #work = null;
  #run = 0;
  #isNear = false;
  #isDue = false;

  /**
   * `root` is the step's section: it tells where on the page the step is, and has a place for problems.
   *
   * @param {HTMLElement} root
   * @param {import("./page.js").Course} course
   */
  constructor(root, { applyUrl, connection }) {
    this.#applier = new Applier(applyUrl);
    this.#connection = connection;
    this.#problem = find(root, ".step-problem", HTMLElement);
    // A whole class opens this page at the same moment: what nobody looks at yet is not asked for.
    new IntersectionObserver(([entry]) => this.#move(entry.isIntersecting), { rootMargin: AHEAD }).observe(root);
    beforePrinting(() => {
      if (this.#isDue) this.#start(true);
    });
    connection.subscribe((state) => {
      if (state === "up" && !this.#problem.hidden) this.#start();
    });
  }

  /**
   * Does `work(ask)` once the step is near; a later call replaces it.
   *
   * @param {(ask: Ask) => Promise<void>} work
   */
  run(work) {
    this.#work = work;
    this.#start();
  }

  /** @param {boolean} isNear */
  #move(isNear) {
    this.#isNear = isNear;
    if (isNear && this.#isDue) this.#start();
  }

  #start(isPrinted = false) {
    this.#run += 1;
    this.#isDue = !this.#isNear && !isPrinted;
    if (!this.#isDue && this.#work !== null) printAfter(this.#do(this.#work));
  }

  /** @param {(ask: Ask) => Promise<void>} work */
  async #do(work) {
    const mine = this.#run;
    /** @type {Ask} */
    const ask = async (picture, operation, options) => {
      if (mine !== this.#run) return null;
      const rows = Array.isArray(picture) ? toPlaces(picture) : toRows(picture);
      const result = await this.#applier.apply(rows, operation, options);
      return result && matrix(result.shape[0], result.shape[1], result.values);
    };
    try {
      await work(ask);
      if (mine === this.#run) this.#problem.hidden = true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (mine === this.#run) this.#complain(error);
    }
  }

  /** @param {ApiError} error */
  #complain(error) {
    this.#problem.hidden = false;
    this.#problem.textContent = error.isAway ? say("course.away") : error.message;
    if (error.isAway) this.#connection.reportSilence();
  }
}
