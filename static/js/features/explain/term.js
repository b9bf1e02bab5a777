/** One term of a sum. */

import { el } from "../../widgets/element.js";

/**
 * The number large, and below it what it is.
 *
 * @param {string} value
 * @param {string} caption
 * @param {string} [sign]
 */
export function term(value, caption, sign = "") {
  const body = el(
    "span",
    { class: "term-body" },
    el("b", { class: "term-value" }, value),
    el("span", { class: "term-caption" }, caption),
  );
  return el("span", { class: "term" }, sign === "" ? "" : el("span", { class: "term-sign" }, sign), body);
}
