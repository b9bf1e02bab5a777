/** The ten probability bars. */

import { find } from "./element.js";
import { formatPercent } from "./numbers.js";

export class Bars {
  #rows;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#rows = [...list.children].map((row) => ({
      row,
      fill: find(row, ".bar-fill", HTMLElement),
      figure: find(row, ".bar-percent", HTMLElement),
    }));
  }

  /** @param {number[]} probabilities */
  show(probabilities) {
    const winner = probabilities.indexOf(Math.max(...probabilities));
    this.#rows.forEach(({ row, fill, figure }, digit) => {
      row.classList.toggle("is-winner", digit === winner);
      fill.style.transform = `scaleX(${probabilities[digit]})`;
      figure.textContent = formatPercent(probabilities[digit]);
    });
  }

  rest() {
    for (const { row, fill, figure } of this.#rows) {
      row.classList.remove("is-winner");
      fill.style.transform = "";
      figure.textContent = "";
    }
  }
}
