/** Doubtful answers, one after the other: what is decided is sent in order, and can be undone. */

import { ApiError } from "../../api/error.js";

/**
 * @typedef {object} Answer
 * @property {string} url where it is decided
 * @property {string} picture
 * @property {number} number of its question
 * @property {string} text the question
 * @property {string} answer what is right
 * @property {string} written what was read
 * @property {number} confidence
 * @property {string | null} pupil
 * @property {string} file
 * @property {number} attempt which of the pupil's `attempts` at the page it is, from 1
 * @property {number} attempts
 *
 * @typedef {{ mark: "right" | "wrong" } | { written: string, keep?: boolean } | { undo: true }} Decision
 */

export class Answers {
  #send;
  #onChange;
  /** @type {Answer[]} */
  #waiting = [];
  /** @type {Answer[]} */
  #decided = [];
  #turn = Promise.resolve();
  #unsent = 0;
  /** @type {ApiError | null} */
  #problem = null;

  /**
   * `send(answer, decision)` rejects with an ApiError; the answer then waits again.
   *
   * @param {object} options
   * @param {(answer: Answer, decision: Decision) => Promise<unknown>} options.send
   * @param {() => void} options.onChange
   */
  constructor({ send, onChange }) {
    this.#send = send;
    this.#onChange = onChange;
  }

  /** @param {Answer[]} answers */
  begin(answers) {
    this.#waiting = [...answers];
    this.#onChange();
  }

  /** @returns {Answer | null} */
  get current() {
    return this.#waiting[0] ?? null;
  }

  get next() {
    return this.#waiting[1] ?? null;
  }

  get left() {
    return this.#waiting.length;
  }

  /** How many answers to the current question wait. */
  get alike() {
    const number = this.current?.number;
    return this.#waiting.filter((one) => one.number === number).length;
  }

  get canUndo() {
    return this.#decided.length > 0;
  }

  /** Whether the server does not have all that was decided yet. */
  get isSending() {
    return this.#unsent > 0;
  }

  /** Why the last decision was not taken, or null. */
  get problem() {
    return this.#problem;
  }

  /**
   * Resolves when the server has it, or has refused it.
   *
   * @param {Decision} decision
   */
  decide(decision) {
    const answer = this.#waiting.shift();
    if (answer === undefined) return this.#turn;
    this.#decided.push(answer);
    return this.#deliver(answer, decision, () => {
      this.#decided = this.#decided.filter((one) => one !== answer);
      this.#waiting.unshift(answer);
    });
  }

  /** Puts the current answer at the end. */
  later() {
    const answer = this.#waiting.shift();
    if (answer !== undefined) this.#waiting.push(answer);
    this.#onChange();
  }

  undo() {
    const answer = this.#decided.pop();
    if (answer === undefined) return this.#turn;
    this.#waiting.unshift(answer);
    return this.#deliver(answer, { undo: true }, () => {
      this.#waiting = this.#waiting.filter((one) => one !== answer);
      this.#decided.push(answer);
    });
  }

  /**
   * @param {Answer} answer
   * @param {Decision} decision
   * @param {() => void} takeBack
   */
  #deliver(answer, decision, takeBack) {
    this.#problem = null;
    this.#unsent += 1;
    this.#onChange();
    this.#turn = this.#turn.then(async () => {
      try {
        await this.#send(answer, decision);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.#problem = error;
        takeBack();
      } finally {
        this.#unsent -= 1;
      }
      this.#onChange();
    });
    return this.#turn;
  }
}
