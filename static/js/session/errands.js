/** What a page still has to send for a person before they are logged out. */

import { pause } from "../api/pause.js";

/** A log-out waits no longer: at a shared computer it must come to its end. */
const PATIENCE_MS = 5000;

/** @typedef {() => Promise<unknown> | null} Errand begins what is to be done; null where there is nothing */

/** @type {Errand[]} */
const errands = [];

/** @param {Errand} errand */
export function beforeLogOut(errand) {
  errands.push(errand);
}

/**
 * Begins all errands. Resolves when each has ended, well or not, or has taken too long; null where there is none.
 *
 * @param {(ms: number) => Promise<unknown>} [wait] stands in for the clock in tests
 * @returns {Promise<unknown> | null}
 */
export function runErrands(wait = pause) {
  const begun = errands.map((errand) => errand()).filter((ended) => ended !== null);
  return begun.length === 0 ? null : Promise.race([Promise.allSettled(begun), wait(PATIENCE_MS)]);
}
