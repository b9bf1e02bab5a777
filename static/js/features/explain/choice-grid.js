/** A set of things to choose one of, reached by one Tab and the arrow keys. */

import { el } from "../../widgets/element.js";
import { indexForKey } from "../../widgets/grid-keys.js";

export class ChoiceGrid {
  #root;
  #className;
  #onChoose;
  /** @type {HTMLButtonElement[]} */
  #buttons = [];
  #chosen = -1;

  /**
   * @param {HTMLElement} root
   * @param {string} className of each thing
   * @param {(index: number) => void} onChoose
   */
  constructor(root, className, onChoose) {
    this.#root = root;
    this.#className = className;
    this.#onChoose = onChoose;
    root.setAttribute("role", "radiogroup");
    root.addEventListener("keydown", (event) => this.#keyed(event));
  }

  get buttons() {
    return this.#buttons;
  }

  /**
   * Makes room for `count` things; `contentOf(index)` is what a new one shows.
   *
   * @param {number} count
   * @param {(index: number) => (Node | string)[]} contentOf
   */
  fill(count, contentOf) {
    this.#chosen = -1;
    const fixed = { type: "button", class: this.#className, role: "radio", tabindex: -1, "aria-checked": "false" };
    this.#buttons = Array.from({ length: count }, (_, index) =>
      el("button", { ...fixed, click: () => this.#onChoose(index) }, ...contentOf(index)),
    );
    this.#root.replaceChildren(...this.#buttons);
  }

  /** @param {number} index */
  choose(index) {
    if (index === this.#chosen) return;
    this.#mark(this.#chosen, false);
    this.#chosen = index;
    this.#mark(index, true);
  }

  /**
   * @param {number} index
   * @param {boolean} isChosen
   */
  #mark(index, isChosen) {
    const button = this.#buttons[index];
    if (!button) return;
    button.setAttribute("aria-checked", String(isChosen));
    button.tabIndex = isChosen ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = indexForKey(event.key, this.#chosen, this.#buttons.length, this.#columns());
    if (next === undefined) return;
    event.preventDefault();
    this.#onChoose(next);
    this.#buttons[next].focus();
  }

  /** How many stand side by side, as the style sheet has laid them out. */
  #columns() {
    const [first] = this.#buttons;
    const row = this.#buttons.findIndex((button) => button.offsetTop !== first.offsetTop);
    return row < 0 ? this.#buttons.length : row;
  }
}
