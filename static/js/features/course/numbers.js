/** Numbers as people write them. */

import { round } from "./arithmetic.js";

/** At most so many decimals, no idle zeros, and a real minus sign. */
export function write(value, decimals = 3) {
  // Adding zero turns a negative zero into a plain one.
  return String(round(value, decimals) + 0).replace("-", "−");
}

/** The same with a plus where it is positive. */
export function writeSigned(value, decimals = 3) {
  const text = write(value, decimals);
  return value > 0 && text !== "0" ? `+${text}` : text;
}

export function writePercent(share) {
  return `${write(share * 100, 1)}\u00a0%`;
}

/** What somebody has typed, as a number of tenths within ±`most`; null where it is none. */
export function readTenths(text, most) {
  const value = Number.parseFloat(text.replace("−", "-").replace(",", "."));
  return Number.isFinite(value) ? round(Math.min(most, Math.max(-most, value)), 1) + 0 : null;
}
