/**
 * Sends the files of an upload in pieces, a few at a time. What a broken line or a busy server held up is
 * sent again; what has been sent is not. It knows no page and no network.
 */

import { divide, MOST_BYTES } from "./pieces.js";

/** @typedef {import("./chosen.js").Named} Named */
/** @typedef {import("./pieces.js").Piece} Piece */
/** @typedef {"away" | "busy" | null} Rest why nothing goes on just now */

/**
 * `post(path, body, signal)` resolves once the server has a piece, whose path is below the upload's; it throws
 * an error whose `kind` is "away", "slow" or "busy" where the same is worth another try. `onChange()` follows
 * every change.
 *
 * @typedef {object} World
 * @property {(path: string, body: Blob | FormData | URLSearchParams, signal: AbortSignal) => Promise<unknown>} post
 * @property {(ms: number) => Promise<unknown>} pause
 * @property {() => void} onChange
 */

const AT_ONCE = 3;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

export class Sending {
  #world;
  #waiting;
  #under = new AbortController();
  /** Called to end a pause. */
  #wake = () => {};
  #pauses = 0;
  /** @type {Promise<unknown> | null} */
  #resting = null;
  /** @type {Rest} */
  rest = null;
  /** Names of files that the browser could not open. @type {Set<string>} */
  unreadable = new Set();
  sentFiles = 0;
  sentBytes = 0;

  /**
   * @param {Named[]} files
   * @param {World} world
   */
  constructor(files, world) {
    this.#world = world;
    this.#waiting = divide(files);
    this.count = files.length;
    this.bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  }

  /** Sends what is left. Throws what `post` threw for good, or after `stop`; it may be called again then. */
  async run() {
    const signal = this.#begin();
    /** @type {unknown[]} */
    const errors = [];
    const work = () =>
      this.#work(signal).catch((error) => {
        errors.push(error);
        this.stop(); // what else is under way
      });
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (errors.length > 0) throw errors[0];
  }

  /** Has the server check what it was sent. Throws as `run` does. */
  async check() {
    await this.#patiently("check", new URLSearchParams(), this.#begin());
  }

  /** Ends it. */
  stop() {
    this.#under.abort();
    this.#wake();
  }

  /** Tries again at once, where it waits for the server. */
  goOn() {
    this.#wake();
  }

  #begin() {
    this.#under = new AbortController();
    return this.#under.signal;
  }

  /** @param {AbortSignal} signal */
  async #work(signal) {
    for (;;) {
      const piece = this.#waiting.shift();
      if (piece === undefined) return;
      try {
        await (piece.isLarge ? this.#sendSlices(piece, signal) : this.#sendTogether(piece, signal));
      } catch (error) {
        this.#waiting.unshift(piece);
        throw error;
      }
    }
  }

  /**
   * @param {Piece} piece
   * @param {AbortSignal} signal
   */
  async #sendTogether({ number, files }, signal) {
    const form = new FormData();
    let count = 0;
    let bytes = 0;
    for (const { name, file } of files) {
      const content = await this.#read(name, file);
      if (content === null) continue;
      form.append("file", content, name);
      count += 1;
      bytes += file.size;
    }
    if (count > 0) await this.#patiently(`batches/${number}`, form, signal);
    this.#sent(count, bytes);
  }

  /**
   * @param {Piece} piece
   * @param {AbortSignal} signal
   */
  async #sendSlices(piece, signal) {
    const { number, files } = piece;
    const [{ name, file }] = files;
    while (piece.sent < file.size) {
      const slice = file.slice(piece.sent, piece.sent + MOST_BYTES);
      const content = await this.#read(name, slice);
      if (content === null) {
        this.#sent(0, -piece.sent); // the server leaves it out, since it is not whole
        return;
      }
      const query = new URLSearchParams({ name, offset: String(piece.sent), size: String(file.size) });
      await this.#patiently(`files/${number}?${query}`, content, signal);
      piece.sent += slice.size;
      this.#sent(0, slice.size);
    }
    this.#sent(1, 0);
  }

  /**
   * A file's content, read before it is sent: one that has gone would look like a server that has.
   *
   * @param {string} name
   * @param {Blob} file
   */
  async #read(name, file) {
    try {
      return new Blob([await file.arrayBuffer()], { type: "application/octet-stream" });
    } catch {
      this.unreadable.add(name);
      return null;
    }
  }

  /**
   * @param {string} path
   * @param {Blob | FormData | URLSearchParams} body
   * @param {AbortSignal} signal
   */
  async #patiently(path, body, signal) {
    for (;;) {
      try {
        await this.#world.post(path, body, signal);
        this.#pauses = 0;
        return;
      } catch (error) {
        const rest = restFor(error);
        if (rest === null) throw error;
        await this.#wait(rest);
        if (signal.aborted) throw error;
      }
    }
  }

  /**
   * Waits as long as all who wait do, longer each time.
   *
   * @param {Rest} rest
   */
  async #wait(rest) {
    this.rest = rest;
    this.#world.onChange();
    this.#resting ??= this.#pauseOnce();
    await this.#resting;
  }

  async #pauseOnce() {
    const woken = new Promise((resolve) => {
      this.#wake = () => resolve(null);
    });
    const delay = Math.min(FIRST_PAUSE_MS * 2 ** this.#pauses, LONGEST_PAUSE_MS);
    this.#pauses += 1;
    await Promise.race([this.#world.pause(delay), woken]);
    this.#resting = null;
  }

  /**
   * @param {number} files
   * @param {number} bytes
   */
  #sent(files, bytes) {
    this.rest = null;
    this.sentFiles += files;
    this.sentBytes += bytes;
    this.#world.onChange();
  }
}

/**
 * Why what failed is worth another try; null where it is not.
 *
 * @param {any} error
 * @returns {Rest}
 */
function restFor({ kind }) {
  if (kind === "away" || kind === "slow") return "away";
  return kind === "busy" ? "busy" : null;
}
