/** The form on which kind, range and number of questions are chosen. */

import { byId, findAll } from "../../widgets/element.js";

export class StartForm {
  #form = byId("start", HTMLFormElement);
  #problem = byId("start-problem", HTMLElement);
  #kinds = findAll(this.#form, "input[name=kind]", HTMLInputElement);
  #range = findAll(this.#form, "input[type=number]", HTMLInputElement);

  constructor() {
    for (const kind of this.#kinds) kind.addEventListener("change", () => this.#offerRange(kind));
  }

  /**
   * Shows the form, with what was chosen before and why it cannot be.
   *
   * @param {URLSearchParams} chosen
   * @param {string} problem
   */
  show(chosen, problem) {
    for (const kind of this.#kinds) {
      kind.checked = kind.value === chosen.get("kind") || (kind.checked && !chosen.has("kind"));
      if (kind.checked) this.#offerRange(kind);
    }
    for (const field of this.#range) field.value = chosen.get(field.name) ?? field.value;
    for (const count of findAll(this.#form, "input[name=count]", HTMLInputElement)) {
      if (chosen.get("count") === count.value) count.checked = true;
    }
    byId("main", HTMLElement).dataset.state = "start";
    this.#problem.textContent = problem;
  }

  /**
   * The numbers that are usual for a kind of questions, and its bounds.
   *
   * @param {HTMLInputElement} kind
   */
  #offerRange({ dataset: { low = "", high = "", least = "0", most = "9999" } }) {
    for (const field of this.#range) {
      field.value = field.name === "low" ? low : high;
      field.min = least;
      field.max = most;
    }
  }
}
