/** What was read, large and in words. */

import { byId, find } from "./element.js";

/** @typedef {{ warning?: string, spoken?: string }} More */

/** Lines of writing: of more, each is smaller. */
const FEW_LINES = 4;

export class Verdict {
  #root = byId("verdict", HTMLElement);
  #digit = find(this.#root, ".verdict-digit", HTMLElement);
  #words = find(this.#root, ".verdict-words", HTMLElement);
  #detail = find(this.#root, ".verdict-detail", HTMLElement);
  /** On some pages it stands elsewhere, so that it moves nothing as it comes and goes. */
  #warning = find(document, ".verdict-warning", HTMLElement);
  /** Where a page has one, since a number's digits are read out as millions. */
  #spoken = document.getElementById("spoken");

  /**
   * @param {string} kind
   * @param {string} shown
   * @param {string} words
   * @param {string} detail
   * @param {More} [more]
   */
  say(kind, shown, words, detail, { warning = "", spoken = "" } = {}) {
    this.#root.dataset.kind = kind;
    this.#root.classList.toggle("is-long", shown.split("\n").length > FEW_LINES);
    this.#digit.textContent = shown;
    this.#words.textContent = words;
    if (this.#spoken !== null) this.#spoken.textContent = spoken;
    this.#warning.textContent = warning;
    this.#detail.textContent = detail;
  }
}
