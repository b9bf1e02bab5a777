/** Requests to the server: with patience, and with one kind of error. */

import { say } from "../text/catalogue.js";
import { ApiError, errorOf, isBusy, waitOf } from "./error.js";
import { pause } from "./pause.js";

const PATIENCE_MS = 15_000;
const BUSY_WAIT_MS = 600;
const LONGEST_BUSY_WAIT_MS = 5000;

/**
 * What is sent. `signal` drops the request; `patience` is how many milliseconds an answer may take;
 * `tries` how often it is sent while the server is busy; `isAnswer` whether what came is what was asked for;
 * `keepalive` has the browser send it to its end though the page is left (64 KiB at most).
 *
 * @typedef {object} Request
 * @property {string} [method]
 * @property {Record<string, string>} [headers]
 * @property {Blob | URLSearchParams | FormData | string} [body]
 * @property {RequestCache} [cache]
 * @property {AbortSignal} [signal]
 * @property {number} [patience]
 * @property {number} [tries]
 * @property {(body: any) => boolean} [isAnswer]
 * @property {boolean} [keepalive]
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
    const { response, content } = await this.send(url, readJson, { ...request, method: "POST", headers: all, body });
    if (response.ok && content !== null && isAnswer(content)) return content;
    throw errorOf(response, content);
  }

  /**
   * What is at an address, read from JSON, and never from the browser's cache. Throws an ApiError.
   *
   * @param {string} url
   * @param {Request} [request]
   */
  async get(url, request = {}) {
    const headers = { Accept: "application/json" };
    const { response, content } = await this.send(url, readJson, { headers, cache: "no-store", ...request });
    if (response.ok && content !== null) return content;
    throw errorOf(response, content);
  }

  /**
   * The server's response, whatever it says, with what was read of it. Throws an ApiError where there is none.
   *
   * @template T
   * @param {string} url
   * @param {(response: Response) => Promise<T>} read
   * @param {Request} [request]
   */
  async send(url, read, { tries = 1, ...request } = {}) {
    for (let tried = 1; ; tried += 1) {
      if (request.signal?.aborted) throw new ApiError("overtaken");
      const { response, content } = await this.#sendOnce(url, read, request);
      // A class shares one address and so one limit: what was too much now is worth another try.
      if (!isBusy(response) || tried >= tries) return { response, content };
      await this.#pause(busyWait(response, tried));
    }
  }

  /**
   * @template T
   * @param {string} url
   * @param {(response: Response) => Promise<T>} read
   * @param {Request} request
   */
  async #sendOnce(url, read, { patience = PATIENCE_MS, signal, ...options }) {
    // By hand, since browsers of some years ago have no AbortSignal.any.
    const either = new AbortController();
    const drop = () => either.abort();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      drop();
    }, patience);
    signal?.addEventListener("abort", drop);
    try {
      const { method, headers, body, cache, keepalive } = options;
      const response = await this.#fetch(url, { method, headers, body, cache, keepalive, signal: either.signal });
      return { response, content: await read(response) };
    } catch {
      if (signal?.aborted) throw new ApiError("overtaken");
      throw isLate ? new ApiError("slow", say("error.slow")) : new ApiError("away", say("error.away"));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", drop);
    }
  }
}

/**
 * What a response says in JSON; null where it is none.
 *
 * @param {Response} response
 */
export async function readJson(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * What a response says.
 *
 * @param {Response} response
 */
export function readText(response) {
  return response.text();
}

/**
 * @param {Response} response
 * @param {number} tried
 */
function busyWait({ headers }, tried) {
  return Math.min(Math.max(waitOf(headers), BUSY_WAIT_MS * tried), LONGEST_BUSY_WAIT_MS);
}
