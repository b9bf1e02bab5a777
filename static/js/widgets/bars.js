/** The ten probability bars. */

import { percent } from "./answer-words.js";

export class Bars {
  #rows;

  constructor(list) {
    this.#rows = [...list.children].map((row) => ({
      row,
      fill: row.querySelector(".bar-fill"),
      percent: row.querySelector(".bar-percent"),
    }));
  }

  show(probabilities) {
    const winner = probabilities.indexOf(Math.max(...probabilities));
    this.#rows.forEach(({ row, fill, percent: figure }, digit) => {
      row.classList.toggle("is-winner", digit === winner);
      fill.style.transform = `scaleX(${probabilities[digit]})`;
      figure.textContent = percent(probabilities[digit]);
    });
  }

  rest() {
    for (const { row, fill, percent: figure } of this.#rows) {
      row.classList.remove("is-winner");
      fill.style.transform = "";
      figure.textContent = "";
    }
  }
}
