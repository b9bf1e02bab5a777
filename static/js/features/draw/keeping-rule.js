/** What is kept without being asked for: the person's choice, and the form for it while there is one. */

import { ApiError } from "../../api/error.js";
import { say } from "../../text/catalogue.js";
import { byId, find, findAll } from "../../widgets/element.js";

export class KeepingRule {
  #root = byId("keeping", HTMLElement);
  #post;

  /** @param {import("./keeping.js").Post} post */
  constructor(post) {
    this.#post = post;
    const panel = document.getElementById("keeping-choice");
    const form = panel?.querySelector("form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#choose(form);
    });
  }

  /** Whether pictures that are sent are kept at once. */
  get keepsWhatIsSent() {
    return this.#root.dataset.rule !== "asked";
  }

  /** Whether drawings are kept once they are finished. */
  get keepsDrawings() {
    return this.#root.dataset.rule === "everything";
  }

  /** @param {HTMLFormElement} form */
  async #choose(form) {
    const words = find(form, ".keeping-form-words", HTMLElement);
    const choice = new URLSearchParams({ keeping: String(new FormData(form).get("keeping")) });
    try {
      const answer = await this.#post(form.action, choice);
      this.#take(answer.keeping);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      words.textContent = say("keeping.notChosen", { problem: error.message });
    }
  }

  /** @param {string} rule */
  #take(rule) {
    this.#root.dataset.rule = rule;
    for (const words of findAll(this.#root, "[data-rule-words]", HTMLElement)) {
      words.hidden = words.dataset.ruleWords !== rule;
    }
    byId("keeping-choice", HTMLElement).remove();
    byId("keeping-words", HTMLElement).textContent = say("keeping.chosen");
    byId("main", HTMLElement).focus({ preventScroll: true });
  }
}
