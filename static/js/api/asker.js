/** Asks the server about pictures. Only the newest question is answered. */

import { Client } from "./client.js";
import { Newest } from "./newest.js";

/**
 * @template Answer
 * @typedef {(client: Client, url: string, picture: Blob, signal: AbortSignal) => Promise<Answer>} Ask
 */

/** @template Answer */
export class Asker {
  #url;
  #send;
  #client;
  #newest = new Newest();

  /**
   * @param {string} url
   * @param {Ask<Answer>} send
   * @param {import("./client.js").World} [world]
   */
  constructor(url, send, world) {
    this.#url = url;
    this.#send = send;
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
  ask(picture) {
    return this.#newest.ask((signal) => this.#send(this.#client, this.#url, picture, signal));
  }
}
