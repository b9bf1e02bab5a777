/** Requests to the server: with patience, and with one kind of error. */

import { say } from "../text/catalogue.js";
import { ApiError, errorOf, isBusy } from "./error.js";
import { pause } from "./pause.js";

const PATIENCE_MS = 15_000;
const BUSY_WAIT_MS = 600;
const LONGEST_BUSY_WAIT_MS = 5000;

/**
 * What is sent. `signal` drops the request; `patience` is how many milliseconds an answer may take;
 * `tries` how often it is sent while the server is busy; `isAnswer` whether what came is what was asked for.
 *
 * @typedef {object} Request
 * @property {string} [method]
 * @property {Record<string, string>} [headers]
 * @property {Blob | URLSearchParams | string} [body]
 * @property {RequestCache} [cache]
 * @property {AbortSignal} [signal]
 * @property {number} [patience]
 * @property {number} [tries]
 * @property {(body: any) => boolean} [isAnswer]
 */

/**
 * What stands in for the network and the clock in tests.
 *
 * @typedef {object} World
 * @property {(url: string, options: RequestInit) => Promise<Response>} [fetch]
 * @property {(ms: number) => Promise<unknown>} [pause]
 */

export class Client {
  #fetch;
  #pause;

  /** @param {World} [world] */
  constructor({ fetch = (url, options) => globalThis.fetch(url, options), pause: wait = pause } = {}) {
    this.#fetch = fetch;
    this.#pause = wait;
  }

  /**
   * The answer to a POST, read from JSON. Throws an ApiError.
   *
   * @param {string} url
   * @param {Request} [request]
   */
  async post(url, { headers = {}, body, isAnswer = () => true, ...request } = {}) {
    /** @type {Record<string, string>} */
    const all = { Accept: "application/json", ...headers };
    if (body instanceof Blob) all["Content-Type"] = body.type;
    const response = await this.send(url, { ...request, method: "POST", headers: all, body });
    const answer = await response.json().catch(() => null);
    if (response.ok && answer !== null && isAnswer(answer)) return answer;
    throw errorOf(response, answer);
  }

  /**
   * The server's response, whatever it says. Throws an ApiError where there is none.
   *
   * @param {string} url
   * @param {Request} [request]
   */
  async send(url, { tries = 1, signal, ...request } = {}) {
    for (let tried = 1; ; tried += 1) {
      const response = await this.#sendOnce(url, { ...request, signal });
      // A class shares one address and so one limit: what was too much now is worth another try.
      if (!isBusy(response) || tried >= tries) return response;
      await this.#pause(busyWait(response, tried));
      if (signal?.aborted) throw new ApiError("overtaken");
    }
  }

  /**
   * @param {string} url
   * @param {Request} request
   */
  async #sendOnce(url, { patience = PATIENCE_MS, signal, method, headers, body, cache }) {
    const limit = AbortSignal.timeout(patience);
    const either = signal ? AbortSignal.any([signal, limit]) : limit;
    try {
      return await this.#fetch(url, { method, headers, body, cache, signal: either });
    } catch {
      if (signal?.aborted) throw new ApiError("overtaken");
      throw limit.aborted ? new ApiError("slow", say("error.slow")) : new ApiError("away", say("error.away"));
    }
  }
}

/**
 * @param {Response} response
 * @param {number} tried
 */
function busyWait({ headers }, tried) {
  const asked = Number(headers.get("Retry-After")) * 1000 || 0;
  return Math.min(Math.max(asked, BUSY_WAIT_MS * tried), LONGEST_BUSY_WAIT_MS);
}
