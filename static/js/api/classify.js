/** Asks the server which class of a model a picture shows. Only the newest question is answered. */

import { Client } from "./client.js";
import { Newest } from "./newest.js";

const TRIES = 4;

/**
 * `probabilities` are by class; `normalised` is what the network saw.
 *
 * @typedef {object} Classified
 * @property {string} class
 * @property {number} confidence
 * @property {Record<string, number>} probabilities
 * @property {string} normalised
 */

export class Classifier {
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
   * The answer, or null where a newer question (or `abort`) has overtaken this one. Throws an ApiError.
   *
   * @param {Blob} picture
   * @returns {Promise<Classified | null>}
   */
  ask(picture) {
    const isAnswer = (/** @type {any} */ answer) => typeof answer.class === "string";
    const options = { body: picture, tries: TRIES, isAnswer };
    return this.#newest.ask((signal) => this.#client.post(this.#url, { ...options, signal }));
  }
}
