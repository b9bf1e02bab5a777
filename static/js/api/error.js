/** Why a request brought no answer. */

import { say } from "../text/catalogue.js";

/**
 * "away" (nobody answers), "slow" (not in time), "busy" (too much at once: later it may be done),
 * "loggedOut", "replaced" (somebody else is logged in by now), "refused" (it will not be done, however
 * often it is asked), "broken" (the server failed) or "overtaken" (the answer is not wanted any more).
 *
 * @typedef {"away" | "slow" | "busy" | "loggedOut" | "replaced" | "refused" | "broken" | "overtaken"} Kind
 */

export class ApiError extends Error {
  /**
   * @param {Kind} kind
   * @param {string} [message] a sentence for people, with its full stop
   * @param {number} [status] of the response, where there was one
   * @param {number} [waitMs] how long the server asks to wait
   */
  constructor(kind, message = "", status = 0, waitMs = 0) {
    super(message);
    this.name = "ApiError";
    this.kind = kind;
    this.status = status;
    this.waitMs = waitMs;
  }

  /** Whether the same request is worth another try when the server is back. */
  get isAway() {
    return this.kind === "away" || this.kind === "slow";
  }
}

/** What a proxy answers while the program behind it is not there. */
const PROXY_STATUSES = new Set([502, 503, 504]);

/** Seconds: who is asked to wait longer was refused, as by what one may send in a day. */
const LONGEST_WAIT = 600;

/**
 * Whether a response says that soon it may be done.
 *
 * @param {{ status: number, headers: Headers }} response
 */
export function isBusy({ status, headers }) {
  if (Number(headers.get("Retry-After")) > LONGEST_WAIT) return false;
  return status === 429 || (status === 503 && headers.has("Retry-After"));
}

/**
 * The milliseconds that a response asks to wait; 0 where it asks for nothing.
 *
 * @param {Headers} headers
 */
export function waitOf(headers) {
  return Number(headers.get("Retry-After")) * 1000 || 0;
}

/**
 * The error that a response tells of.
 *
 * @param {Response} response
 * @param {unknown} body what was read from its JSON
 */
export function errorOf({ status, headers }, body) {
  const detail = detailOf(body);
  // The program's own 503 says what is wrong; a proxy's says only that there is no program.
  const isProxy = PROXY_STATUSES.has(status) && (status !== 503 || detail === null);
  if (isProxy) return new ApiError("away", say("error.away"), status);
  if (isBusy({ status, headers })) return new ApiError("busy", detail ?? say("error.busy"), status, waitOf(headers));
  if (status === 401) return new ApiError("loggedOut", say("error.loggedOut"), status);
  const isRefused = status >= 400 && status < 500;
  if (isRefused) return new ApiError("refused", detail ?? say("error.refused", { status }), status);
  return new ApiError("broken", detail ?? say("error.broken"), status);
}

/**
 * The sentence for people in an application/problem+json.
 *
 * @param {unknown} body
 */
function detailOf(body) {
  if (typeof body !== "object" || body === null || !("detail" in body)) return null;
  return typeof body.detail === "string" && body.detail !== "" ? body.detail : null;
}
