/** Sends what changes something on the server, on behalf of the person who is logged in. */

import { Client } from "./client.js";
import { ApiError } from "./error.js";

const PATIENCE_MS = 20_000;

export class Sender {
  #token;
  #renew;
  #client;

  /**
   * `token` is the page's CSRF token. `renew()` resolves to a fresh one, since a page that has
   * been open for long, or another tab's log-in, makes it stale; it throws an ApiError where
   * the person is not the same any more.
   *
   * @param {{ token: string, renew: () => Promise<string> } & import("./client.js").World} options
   */
  constructor({ token, renew, ...world }) {
    this.#token = token;
    this.#renew = renew;
    this.#client = new Client(world);
  }

  /**
   * The server's answer to a POST, read from JSON. Throws an ApiError.
   *
   * @param {string} url
   * @param {Blob | URLSearchParams} body
   */
  async post(url, body) {
    try {
      return await this.#send(url, body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 400) throw error;
      this.#token = await this.#renew();
      return this.#send(url, body);
    }
  }

  /**
   * @param {string} url
   * @param {Blob | URLSearchParams} body
   */
  #send(url, body) {
    return this.#client.post(url, { headers: { "X-CSRFToken": this.#token }, body, patience: PATIENCE_MS });
  }
}
