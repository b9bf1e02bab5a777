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
   */
  constructor(kind, message = "", status = 0) {
    super(message);
    this.name = "ApiError";
    this.kind = kind;
    this.status = status;
  }

  /** Whether the same request is worth another try when the server is back. */
  get isAway() {
    return this.kind === "away" || this.kind === "slow";
  }
}

/** What a proxy answers while the program behind it is not there. */
const PROXY_STATUSES = new Set([502, 503, 504]);

/**
 * Whether a response says that later it may be done.
 *
 * @param {{ status: number, headers: Headers }} response
 */
export function isBusy({ status, headers }) {
  return status === 429 || (status === 503 && headers.has("Retry-After"));
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
  if (isBusy({ status, headers })) return new ApiError("busy", detail ?? say("error.busy"), status);
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
