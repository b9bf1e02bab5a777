/** Numbers as people read them: with a true minus, and no minus before a zero. */

import { locale } from "../text/catalogue.js";
import { round } from "./matrix.js";

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A number with so many decimals.
 *
 * @param {number} value
 * @param {number} [decimals]
 */
export function formatNumber(value, decimals = 2) {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/**
 * A number for a small cell: three figures say enough, and four would not fit.
 *
 * @param {number} value
 */
export function formatShort(value) {
  const size = Math.abs(value);
  return formatNumber(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

/**
 * A number that is added to others: always with its sign.
 *
 * @param {number} value
 * @param {number} [decimals]
 */
export function formatSigned(value, decimals = 2) {
  const text = formatNumber(value, decimals);
  return text.startsWith("−") ? text : `+${text}`;
}

/**
 * A number with at most so many decimals, and no idle zeros.
 *
 * @param {number} value
 * @param {number} [decimals]
 */
export function formatTrimmed(value, decimals = 3) {
  // Adding zero turns a negative zero into a plain one.
  return String(round(value, decimals) + 0).replace("-", "−");
}

/**
 * The same with a plus where it is positive.
 *
 * @param {number} value
 */
export function formatSignedTrimmed(value) {
  const text = formatTrimmed(value);
  return value > 0 && text !== "0" ? `+${text}` : text;
}

/**
 * A probability as a percentage; only what is certain is called 100 %.
 *
 * @param {number} probability
 */
export function formatPercent(probability) {
  const rounded = (probability * 100).toFixed(1);
  return rounded === "100.0" && probability < 1 ? ">99.9\u00a0%" : `${rounded}\u00a0%`;
}

/**
 * A share as a percentage without idle zeros.
 *
 * @param {number} share
 */
export function formatShare(share) {
  return `${formatTrimmed(share * 100, 1)}\u00a0%`;
}

/**
 * A number that may be very small: 0.0312, or 4.7 × 10⁻⁵.
 *
 * @param {number} value
 */
export function formatExponential(value) {
  if (value >= 0.001) return formatNumber(value, 4);
  const [factor, power = ""] = value.toExponential(1).split("e-");
  const raised = [...power].map((figure) => SUPERSCRIPTS[Number(figure)]).join("");
  return raised === "" ? formatNumber(value, 4) : `${factor} × 10⁻${raised}`;
}

/** @param {number} count */
export function formatCount(count) {
  return count.toLocaleString(locale);
}

/** @param {number[]} shape */
export function formatShape(shape) {
  return shape.join("\u00a0×\u00a0");
}

/**
 * A size in bytes, as people read it: 12.4 kB, 3.1 MB.
 *
 * @param {number} bytes
 */
export function formatBytes(bytes) {
  const isLarge = bytes >= 1_000_000;
  const shown = bytes / (isLarge ? 1_000_000 : 1000);
  const unit = isLarge ? "megabyte" : "kilobyte";
  return shown.toLocaleString(locale, { style: "unit", unit, maximumFractionDigits: 1 });
}
