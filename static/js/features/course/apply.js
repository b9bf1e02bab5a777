/** Asks the server to let one layer of the network's own code work on a matrix. */

import { decodeNumbers } from "../../widgets/numbers.js";
import { matrix, toRows } from "./arithmetic.js";

const PATIENCE_MS = 15_000;
/** Sliders and typing fire faster than anybody reads. */
const PAUSE_MS = 60;
const BUSY_TRIES = 5;
const BUSY_WAIT_MS = 700;
const AWAY_STATUSES = new Set([502, 503, 504]);

/** `isAway` says that the question is worth asking again when the server is back. */
export class ApplyError extends Error {
  constructor(message, isAway = false) {
    super(message);
    this.name = "ApplyError";
    this.isAway = isAway;
  }
}

export class Applier {
  #url;
  #fetch;
  #pause;
  #newest = null;

  /** `fetch` and `pause(ms)` stand in for the network and the clock in tests. */
  constructor(url, { fetch = (...args) => globalThis.fetch(...args), pause = sleep } = {}) {
    this.#url = url;
    this.#fetch = fetch;
    this.#pause = pause;
  }

  /** The result as a matrix; null where a newer question has overtaken this one. Throws an ApplyError. */
  async apply(picture, operation, options = {}) {
    this.#newest?.abort();
    const question = new AbortController();
    this.#newest = question;
    const isOvertaken = () => this.#newest !== question;
    await this.#pause(PAUSE_MS);
    if (isOvertaken()) return null;
    try {
      const body = JSON.stringify({ picture: toRows(picture), operation, ...options });
      const answer = await this.#ask(body, question, isOvertaken);
      return isOvertaken() ? null : matrixOf(answer.result);
    } catch (error) {
      if (isOvertaken()) return null;
      throw error;
    }
  }

  async #ask(body, question, isOvertaken) {
    for (let tries = 1; ; tries += 1) {
      const response = await this.#send(body, question);
      // A class shares one address and so one limit: what was too much now is worth another try.
      if (response.status === 429 && tries < BUSY_TRIES && !isOvertaken()) {
        await this.#pause(BUSY_WAIT_MS * tries);
        continue;
      }
      const answer = await response.json().catch(() => null);
      if (response.ok && answer?.result) return answer;
      if (AWAY_STATUSES.has(response.status)) throw new ApplyError("The server is away.", true);
      throw new ApplyError(answer?.detail ?? "Something went wrong on the server.");
    }
  }

  async #send(body, question) {
    const timer = setTimeout(() => question.abort(), PATIENCE_MS);
    try {
      return await this.#fetch(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body,
        signal: question.signal,
      });
    } catch {
      throw new ApplyError("The server is away.", true);
    } finally {
      clearTimeout(timer);
    }
  }
}

function matrixOf(result) {
  const { shape, values } = decodeNumbers(result);
  return matrix(shape[0], shape[1], values);
}

function sleep(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
