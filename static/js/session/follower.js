/** Follows what the server works on: asks how far it is, again and again, while somebody looks. */

import { ApiError } from "../api/error.js";

/** The pause after an answer that says no: it will hardly say otherwise in a moment. */
const REFUSED_PAUSE_MS = 5000;

/**
 * What is followed. `ask()` asks once, and rejects with an ApiError; it may resolve to how many milliseconds the
 * server wants to be left alone. `say()` is told what went wrong, or null.
 *
 * @typedef {object} Task
 * @property {() => boolean} isAtWork whether there is anything to ask for
 * @property {() => Promise<unknown>} ask
 * @property {(error: ApiError | null) => void} say
 * @property {number} pauseMs between an answer and the next question, where the server does not say
 */

/**
 * What stands in for the browser in tests.
 *
 * @typedef {object} World
 * @property {Pick<Document, "hidden" | "addEventListener">} [page]
 * @property {import("./connection.js").Timers} [timers]
 */

export class Follower {
  #connection;
  #task;
  #page;
  #timers;
  /** @type {any} */
  #timer;
  #isAsking = false;

  /**
   * @param {import("./connection.js").Connection} connection
   * @param {Task} task
   * @param {World} [world]
   */
  constructor(connection, task, { page = document, timers = globalThis } = {}) {
    this.#connection = connection;
    this.#task = task;
    this.#page = page;
    this.#timers = timers;
    connection.subscribe((state) => {
      if (state === "up") this.askNow();
    });
    // Nobody looks at a hidden tab.
    page.addEventListener("visibilitychange", () => this.askNow());
    this.#askIn(task.pauseMs);
  }

  /** @param {number} ms */
  #askIn(ms) {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = this.#timers.setTimeout(() => this.askNow(), ms);
  }

  /** Asks at once, if there is anything to ask for, and goes on asking. */
  async askNow() {
    this.#timers.clearTimeout(this.#timer);
    if (this.#isAsking || this.#page.hidden || !this.#task.isAtWork()) return;
    this.#isAsking = true;
    let pauseMs = this.#task.pauseMs;
    try {
      const wanted = await this.#task.ask();
      if (typeof wanted === "number") pauseMs = wanted;
      this.#connection.reportAnswer();
      this.#task.say(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isAway) this.#connection.reportSilence();
      else pauseMs = Math.max(error.waitMs, REFUSED_PAUSE_MS);
      this.#task.say(error);
    } finally {
      this.#isAsking = false;
    }
    // While nobody answers, the connection asks, with longer pauses, and says when somebody does.
    if (this.#connection.state !== "down") this.#askIn(pauseMs);
  }
}
