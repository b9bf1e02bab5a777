/** Asks the server to let one layer of the network's own code work on a picture. */

import { decodeNumbers } from "./arrays.js";
import { Client } from "./client.js";
import { Newest } from "./newest.js";
import { pause } from "./pause.js";

/** Sliders and typing fire faster than anybody reads. */
const PAUSE_MS = 60;
const TRIES = 5;

export class Applier {
  #url;
  #client;
  #pause;
  #newest = new Newest();

  /**
   * @param {string} url
   * @param {import("./client.js").World} [world]
   */
  constructor(url, world = {}) {
    this.#url = url;
    this.#client = new Client(world);
    this.#pause = world.pause ?? pause;
  }

  /**
   * The result as { shape, values }; null where a newer question has overtaken this one. Throws an ApiError.
   *
   * @param {number[][] | number[][][]} picture
   * @param {string} operation
   * @param {Record<string, unknown>} [options]
   */
  apply(picture, operation, options = {}) {
    return this.#newest.ask(async (signal) => {
      await this.#pause(PAUSE_MS);
      if (signal.aborted) return null;
      const body = JSON.stringify({ picture, operation, ...options });
      const headers = { "Content-Type": "application/json" };
      const isAnswer = (/** @type {any} */ { result }) => Boolean(result);
      const { result } = await this.#client.post(this.#url, { headers, body, signal, tries: TRIES, isAnswer });
      return decodeNumbers(result);
    });
  }
}
