/** Asks the server to read a picture. Only the newest question is answered. */

import { Client } from "./client.js";
import { Newest } from "./newest.js";

const TRIES = 4;

/**
 * One digit that was found: `box` is [x, y, width, height] in pixels of the picture, `normalised` the
 * 28×28 picture that the network saw.
 *
 * @typedef {object} Digit
 * @property {number} digit
 * @property {number} confidence
 * @property {number[]} probabilities
 * @property {[number, number, number, number]} box
 * @property {string} normalised
 */

/** @typedef {{ code: string, message: string }} Reason */

/**
 * @typedef {object} Answer
 * @property {Digit[]} digits
 * @property {string} text
 * @property {Reason | null} refusal
 * @property {Reason | null} [left_out]
 * @property {string} model
 * @property {number} elapsed_ms
 */

/**
 * The server's answer to a picture. Throws an ApiError.
 *
 * @param {Client} client
 * @param {string} url
 * @param {Blob} picture
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export function readPicture(client, url, picture, signal) {
  const isAnswer = (/** @type {any} */ { digits }) => Array.isArray(digits);
  return client.post(`${url}?normalised=1`, { body: picture, signal, tries: TRIES, isAnswer });
}

export class Predictor {
  #url;
  #client;
  #newest = new Newest();

  /**
   * @param {string} url
   * @param {import("./client.js").World} [world]
   */
  constructor(url, world) {
    this.#url = url;
    this.#client = new Client(world);
  }

  /** Drops the question under way, if there is one. */
  abort() {
    this.#newest.abort();
  }

  /**
   * The server's answer, or null where a newer question (or `abort`) has overtaken this one. Throws an ApiError.
   *
   * @param {Blob} picture
   * @returns {Promise<Answer | null>}
   */
  read(picture) {
    return this.#newest.ask((signal) => readPicture(this.#client, this.#url, picture, signal));
  }
}
