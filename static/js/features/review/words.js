/** Reviewing in words. */

import { say } from "../../text/catalogue.js";
import { labelInWords } from "../../text/digits.js";
import { formatCount, formatPercent } from "../../widgets/numbers.js";

/** @typedef {import("./reviewing.js").Picture} Picture */

const HOUR_MS = 3_600_000;
/** A rate is told once so many pictures have been reviewed. */
const FIRST_RATE = 10;

/** @param {Picture} picture */
export function describeLabel({ label }) {
  return label === null ? say("review.unlabelled") : say("review.label", { label: labelInWords(label) });
}

/** @param {Picture} picture */
export function describeNetwork({ digit, confidence }) {
  if (digit === null || confidence === null) return say("review.refused");
  return say("review.read", { digit: labelInWords(String(digit)), sure: formatPercent(confidence) });
}

/**
 * Why somebody should look.
 *
 * @param {Picture} picture
 */
export function describeReasons({ reasons, twin }) {
  const words = reasons
    .filter((reason) => reason !== "unlabelled")
    .map((reason) => say(`review.why.${reason}`, { label: labelInWords(twin?.label ?? "none") }));
  return words.join(" ");
}

/**
 * All of it, for who cannot see it.
 *
 * @param {Picture} picture
 */
export function describeAll(picture) {
  return [describeLabel(picture), describeNetwork(picture), describeReasons(picture)].filter(Boolean).join(" ");
}

/**
 * How many are left, how many were reviewed in so many milliseconds, and how many that is in an hour.
 *
 * @param {{ left: number, reviewed: number, elapsedMs: number }} counts
 */
export function describeProgress({ left, reviewed, elapsedMs }) {
  const parts = [say("review.left", { count: left, shown: formatCount(left) })];
  if (reviewed > 0) parts.push(say("review.done", { count: reviewed, shown: formatCount(reviewed) }));
  if (reviewed >= FIRST_RATE && elapsedMs > 0) {
    const rate = Math.round((reviewed * HOUR_MS) / elapsedMs / 10) * 10;
    parts.push(say("review.rate", { shown: formatCount(rate) }));
  }
  return parts.join(" · ");
}
