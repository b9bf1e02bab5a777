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
   * The server's answer to a POST, read from JSON. Throws an ApiError. With `isLast`, it is sent before this
   * returns, and goes on though the page is left. `signal` drops it; it may take `patience` milliseconds.
   *
   * @param {string} url
   * @param {Blob | URLSearchParams | FormData} body
   * @param {{ isLast?: boolean, signal?: AbortSignal, patience?: number }} [how]
   */
  async post(url, body, { isLast = false, ...how } = {}) {
    try {
      return await this.#send(url, body, { ...how, keepalive: isLast });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 400) throw error;
      this.#token = await this.#renew();
      return this.#send(url, body, how);
    }
  }

  /**
   * @param {string} url
   * @param {Blob | URLSearchParams | FormData} body
   * @param {import("./client.js").Request} how
   */
  #send(url, body, how) {
    const headers = { "X-CSRFToken": this.#token };
    return this.#client.post(url, { headers, body, patience: PATIENCE_MS, ...how });
  }
}
