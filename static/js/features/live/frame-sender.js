/**
 * Sends frames one after the other: the next one goes out when the last answer is in and the server wants it, so none
 * waits in a queue.
 */

import { ApiError } from "../../api/error.js";
import { pause } from "../../api/pause.js";

/** Ten frames a second look alive, and leave room under the server's limit for a second person at the same address. */
const LEAST_MS = 100;
const NO_PICTURE_MS = 100;
const BUSY_MS = 1000;
const LONGEST_GAP_MS = 1000;
const FAILED_MS = 2000;

/** @typedef {import("./frames.js").Frame} Frame */

/**
 * `grab()` resolves to the newest frame, or to null where there is none yet; `ask(frame, signal)` to the answer, and
 * throws an ApiError. `onAnswer(answer, frame, ms)` and `onProblem(error)` are told what came; after a server that is
 * away nothing more is sent until `start` is called again. `againMs(answer)` is in how many milliseconds the server
 * wants the next frame, and `onLeftOut(count)` is told of those that would have gone out before. `now` and `pause`
 * stand in for the clock in tests.
 *
 * @template Answer
 * @typedef {object} Parts
 * @property {() => Promise<Frame | null>} grab
 * @property {(frame: Frame, signal: AbortSignal) => Promise<Answer>} ask
 * @property {(answer: Answer, frame: Frame, ms: number) => void} onAnswer
 * @property {(error: ApiError) => void} onProblem
 * @property {(answer: Answer) => number} [againMs]
 * @property {(count: number) => void} [onLeftOut]
 * @property {() => number} [now]
 * @property {(ms: number) => Promise<unknown>} [pause]
 */

/** @template Answer */
export class FrameSender {
  #parts;
  #now;
  #pause;
  /** @type {AbortController | null} */
  #running = null;
  /** From one frame to the next, at least: longer while the server has too much to do. */
  #gap = LEAST_MS;

  /** @param {Parts<Answer>} parts */
  constructor({ now = () => performance.now(), pause: wait = pause, ...parts }) {
    this.#parts = { againMs: () => 0, onLeftOut: () => {}, ...parts };
    this.#now = now;
    this.#pause = wait;
  }

  get isRunning() {
    return this.#running !== null;
  }

  /** Begins to send, unless it does already. */
  start() {
    if (this.#running !== null) return;
    this.#running = new AbortController();
    this.#run(this.#running.signal);
  }

  /** Sends nothing more; an answer that is still on its way is dropped. */
  stop() {
    this.#running?.abort();
    this.#running = null;
  }

  /** @param {AbortSignal} signal */
  async #run(signal) {
    while (!signal.aborted) {
      const wait = await this.#sendOne(signal);
      if (!signal.aborted) await this.#pause(wait);
    }
  }

  /**
   * Resolves to how many milliseconds the next one waits.
   *
   * @param {AbortSignal} signal
   */
  async #sendOne(signal) {
    const begun = this.#now();
    const frame = await this.#parts.grab();
    if (frame === null) return NO_PICTURE_MS;
    if (signal.aborted) return 0;
    try {
      const answer = await this.#parts.ask(frame, signal);
      if (signal.aborted) return 0;
      const took = this.#now() - begun;
      this.#parts.onAnswer(answer, frame, took);
      this.#gap = Math.max(LEAST_MS, 0.95 * this.#gap);
      return this.#pauseAfter(Math.max(0, this.#gap - took), this.#parts.againMs(answer));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (signal.aborted) return 0;
      if (error.isAway) this.stop();
      this.#parts.onProblem(error);
      if (error.kind !== "busy") return FAILED_MS;
      this.#gap = Math.min(LONGEST_GAP_MS, 2 * this.#gap);
      return Math.max(BUSY_MS, error.waitMs);
    }
  }

  /**
   * @param {number} ownMs
   * @param {number} againMs
   */
  #pauseAfter(ownMs, againMs) {
    const leftOut = Math.floor((againMs - ownMs) / this.#gap);
    if (leftOut > 0) this.#parts.onLeftOut(leftOut);
    return Math.max(ownMs, againMs);
  }
}
