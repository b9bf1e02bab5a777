/** This tab among the streams: its frames carry a key, by which those who may watch see whose they are. */

import { withQuery } from "../../api/address.js";
import { ApiError } from "../../api/error.js";

/**
 * `begin()` resolves to a fresh key, or rejects with an ApiError; `keep(key)` keeps it over a reload.
 *
 * @typedef {object} Parts
 * @property {string} key the one that was kept, or ""
 * @property {() => Promise<string>} begin
 * @property {(key: string) => void} keep
 */

export class StreamLink {
  #parts;
  #key;
  /** @type {number | null} */
  #latencyMs = null;
  #dropped = 0;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#key = parts.key;
  }

  /** A frame was answered after so many milliseconds. @param {number} ms */
  noteAnswer(ms) {
    this.#latencyMs = Math.round(ms);
  }

  /** The server had no time for so many frames. */
  noteDropped(count = 1) {
    this.#dropped += count;
  }

  /**
   * Sends a frame with `send(address)`, as one of this stream. Without a key, it is read all the same.
   *
   * @template T
   * @param {string} address
   * @param {(address: string) => Promise<T>} send
   */
  async send(address, send) {
    await this.#join();
    try {
      return await send(this.#key === "" ? address : this.#signed(address));
    } catch (error) {
      // The key was another server's, or somebody has disconnected this stream.
      if (error instanceof ApiError && (error.status === 400 || error.status === 410)) this.#take("");
      throw error;
    }
  }

  async #join() {
    if (this.#key !== "") return;
    try {
      this.#take(await this.#parts.begin());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** @param {string} key */
  #take(key) {
    this.#key = key;
    this.#parts.keep(key);
  }

  /** @param {string} address */
  #signed(address) {
    const values = { stream: this.#key, dropped: this.#dropped };
    return withQuery(address, this.#latencyMs === null ? values : { ...values, latency_ms: this.#latencyMs });
  }
}
