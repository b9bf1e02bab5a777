/** A small table of numbers, each on the colour that stands for it. */

import { isDark } from "../../widgets/colours.js";
import { formatShort } from "../../widgets/numbers.js";
import { el } from "../../widgets/element.js";

export class NumberGrid {
  #root;
  #cells = [];
  #columns = 0;

  constructor(root) {
    this.#root = root;
  }

  /** Numbers row by row; NaN is beyond the edge. `marked` is the index of one that is framed, or -1. */
  show(values, columns, scale, marked = -1) {
    if (this.#cells.length !== values.length || this.#columns !== columns) this.#build(values.length, columns);
    values.forEach((value, i) => {
      const cell = this.#cells[i];
      const isBeyond = Number.isNaN(value);
      cell.textContent = isBeyond ? "0" : formatShort(value);
      cell.classList.toggle("is-beyond", isBeyond);
      cell.classList.toggle("is-marked", i === marked);
      paintCell(cell, isBeyond ? null : value, scale);
    });
  }

  #build(count, columns) {
    this.#columns = columns;
    this.#root.style.setProperty("--columns", columns);
    this.#cells = Array.from({ length: count }, () => el("span", { class: "number" }));
    this.#root.replaceChildren(...this.#cells);
  }
}

/** Gives a cell the colour of a number, and writing that can be read on it; null takes them away. */
export function paintCell(cell, value, scale) {
  if (value === null) {
    cell.style.backgroundColor = "";
    cell.style.color = "";
    return;
  }
  const colour = scale.colourOf(value);
  cell.style.backgroundColor = `rgb(${colour.join(" ")})`;
  cell.style.color = isDark(colour) ? "#fff" : "#000";
}
