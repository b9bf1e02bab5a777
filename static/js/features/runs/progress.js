/** How far a run is: its phase, its bar, and what is said and read out of it. */

import { say } from "../../text/catalogue.js";
import { find, findAll } from "../../widgets/element.js";
import { doneOf } from "./run.js";
import { epochDone, progressWords } from "./words.js";

/** @typedef {import("./run.js").Run} Run */

export class Progress {
  #root;
  /** @type {number | null} */
  #epoch = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  /** @param {Run} run */
  show(run) {
    setText(find(this.#root, ".run-words", HTMLElement), progressWords(run));
    const bar = find(this.#root, "progress", HTMLProgressElement);
    const done = doneOf(run);
    if (done === null) bar.removeAttribute("value");
    else bar.value = done;
    for (const step of findAll(this.#root, "[data-phase]", HTMLElement)) {
      if (step.dataset.phase === run.phase) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
    // Epochs are read out, and not every batch.
    if (this.#epoch !== null && run.epoch > this.#epoch) {
      setText(find(this.#root, ".run-said", HTMLElement), epochDone(run));
    }
    this.#epoch = run.epoch;
  }

  /**
   * Says what went wrong in asking how far it is; null where nothing did.
   *
   * @param {import("../../api/error.js").ApiError | null} error
   */
  complain(error) {
    const words = error?.isAway ? say("run.away") : (error?.message ?? "");
    setText(find(this.#root, ".run-note", HTMLElement), words);
  }
}

/**
 * Sets a text only if it is another one, so that it is read out once.
 *
 * @param {HTMLElement} element
 * @param {string} words
 */
function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
