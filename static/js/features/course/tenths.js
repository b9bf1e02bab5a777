/** Numbers that are typed. */

import { round } from "../../widgets/matrix.js";

/**
 * What somebody has typed, as a number of tenths within ±`most`; null where it is none.
 *
 * @param {string} text
 * @param {number} most
 */
export function readTenths(text, most) {
  const value = Number.parseFloat(text.replace("−", "-").replace(",", "."));
  return Number.isFinite(value) ? round(Math.min(most, Math.max(-most, value)), 1) + 0 : null;
}
