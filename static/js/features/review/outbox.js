/** Answers on their way to the server: one after the other, in order, and none is lost while it is away. */

import { ApiError } from "../../api/error.js";

/** @typedef {{ id: string, label?: string | null, isUndo?: boolean }} Entry */

/** After an answer that the server is too busy or broken for just now. */
const RETRY_MS = 3000;

export class Outbox {
  #send;
  #onChange;
  #onRefused;
  #timers;
  /** @type {Entry[]} */
  #entries = [];
  #isSending = false;
  /** @type {ApiError | null} */
  #problem = null;
  /** @type {any} */
  #timer = null;
  /** What is asked of the server: one thing after the other. @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * `send(entry)` rejects with an ApiError. `onRefused(entry, error)` is told what the server will not take, however
   * often it is sent; that leaves the outbox.
   *
   * @param {object} options
   * @param {(entry: Entry) => Promise<unknown>} options.send
   * @param {() => void} options.onChange
   * @param {(entry: Entry, error: ApiError) => void} options.onRefused
   * @param {import("../../session/connection.js").Timers} [options.timers]
   */
  constructor({ send, onChange, onRefused, timers = globalThis }) {
    this.#send = send;
    this.#onChange = onChange;
    this.#onRefused = onRefused;
    this.#timers = timers;
  }

  /** How many answers the server does not have yet. */
  get size() {
    return this.#entries.length;
  }

  /** By how many pictures these answers change what is left. */
  get change() {
    return this.#entries.reduce((sum, { isUndo }) => sum + (isUndo ? 1 : -1), 0);
  }

  /** Why the first of them was not sent, or null. */
  get problem() {
    return this.#problem;
  }

  /** What the server does not have yet, of each picture the latest. */
  get latest() {
    return [...new Map(this.#entries.map((entry) => [entry.id, entry])).values()];
  }

  /** @param {string} id */
  has(id) {
    return this.#entries.some((entry) => entry.id === id);
  }

  /** @param {Entry} entry */
  add(entry) {
    this.#entries.push(entry);
    this.#onChange();
    return this.flush();
  }

  /**
   * Takes the answer to a picture out again unless it has been sent. Returns whether that was so.
   *
   * @param {string} id
   */
  takeOut(id) {
    const index = this.#entries.findLastIndex((entry) => entry.id === id);
    const first = this.#isSending ? 1 : 0;
    // What was tried once may have arrived though no answer came.
    if (index < first || (index === 0 && this.#problem !== null) || this.#entries[index].isUndo) return false;
    this.#entries.splice(index, 1);
    this.#onChange();
    return true;
  }

  /** Sends what waits, until it is all sent or something stops it. */
  async flush() {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#timers.clearTimeout(this.#timer);
    while (this.#entries.length > 0) {
      const problem = await this.between(() => this.#sendFirst());
      if (problem !== null) {
        this.#stop(problem);
        return;
      }
      this.#onChange();
    }
    this.#isSending = false;
  }

  /**
   * Asks the server while no answer is on its way: so it is sure which ones it has.
   *
   * @template T
   * @param {() => Promise<T>} ask
   * @returns {Promise<T>}
   */
  between(ask) {
    const asked = this.#turn.then(ask);
    this.#turn = asked.catch(() => {});
    return asked;
  }

  /** What has to outlive a reload, as a text. */
  toText() {
    return JSON.stringify(this.#entries);
  }

  /**
   * Takes up what `toText` gave.
   *
   * @param {string} text
   */
  resume(text) {
    if (text !== "") this.#entries = JSON.parse(text);
    return this.flush();
  }

  /** Sends the first answer; returns why the server does not have it, if it is worth another try. */
  async #sendFirst() {
    const [entry] = this.#entries;
    try {
      await this.#send(entry);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind !== "refused") return error;
      this.#onRefused(entry, error);
    }
    this.#problem = null;
    this.#entries.shift();
    return null;
  }

  /** @param {ApiError} error */
  #stop(error) {
    this.#isSending = false;
    this.#problem = error;
    const isWorthwhile = error.kind === "busy" || error.kind === "broken";
    if (isWorthwhile) this.#timer = this.#timers.setTimeout(() => this.flush(), error.waitMs || RETRY_MS);
    this.#onChange();
  }
}
