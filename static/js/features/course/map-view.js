/** A matrix as a picture of coloured cells, in which one cell can be chosen by pointer or by key. */

import { indexForKey } from "../../widgets/grid.js";
import { extent } from "./arithmetic.js";
import { onColoursChange, scaleOf } from "./colours.js";
import { write } from "./numbers.js";

export class MapView {
  #root;
  #frame;
  #canvas;
  #mark;
  #scale;
  #most = null;
  #onChoose;
  #matrix = null;
  #chosen = [0, 0];

  /**
   * `root` is the macro's figure. `most` is where the scale has its full colour; without it, the
   * largest number shown. `onChoose(row, column)` follows the pointer and the arrow keys, and
   * returns what is to be said of the cell to those who do not see it.
   */
  constructor(root, { scale, most = null, onChoose = null }) {
    this.#root = root;
    this.#frame = root.querySelector(".map-frame");
    this.#canvas = root.querySelector("canvas");
    this.#mark = root.querySelector(".map-mark");
    this.#scale = scale;
    this.#most = most;
    this.#onChoose = onChoose;
    if (onChoose) this.#listen();
    onColoursChange(() => this.#paint());
  }

  show(matrix) {
    this.#matrix = matrix;
    this.#frame.style.setProperty("--map-shape", `${matrix.columns} / ${matrix.rows}`);
    const size = this.#root.querySelector(".map-size");
    if (size) size.textContent = `${matrix.rows} × ${matrix.columns}`;
    this.#paint();
    this.#writeLegend();
  }

  /** Frames a window of the picture; cells outside of it are framed too. */
  mark(top, left, rows = 1, columns = 1) {
    const { rows: height, columns: width } = this.#matrix;
    const { style } = this.#mark;
    style.top = `${(top / height) * 100}%`;
    style.left = `${(left / width) * 100}%`;
    style.height = `${(rows / height) * 100}%`;
    style.width = `${(columns / width) * 100}%`;
    this.#mark.hidden = false;
  }

  get #full() {
    if (this.#most !== null) return this.#most;
    return Math.max(...extent(this.#matrix.values).map(Math.abs));
  }

  #paint() {
    if (this.#matrix === null) return;
    const { rows, columns, values } = this.#matrix;
    const canvas = this.#canvas;
    canvas.width = columns;
    canvas.height = rows;
    const image = new ImageData(columns, rows);
    image.data.set(scaleOf(this.#scale, this.#full).paint(values));
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  #writeLegend() {
    const legend = this.#root.querySelector(".legend");
    if (legend === null) return;
    const full = this.#full;
    legend.dataset.scale = this.#scale;
    legend.querySelector(".legend-low").textContent = this.#scale === "signed" ? write(-full, 2) : "0";
    legend.querySelector(".legend-high").textContent = write(full, 2);
  }

  #listen() {
    const choose = (event) => {
      if (this.#matrix === null) return;
      const { rows, columns } = this.#matrix;
      const box = this.#canvas.getBoundingClientRect();
      const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
      const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
      this.#choose(Math.min(rows - 1, Math.max(0, row)), Math.min(columns - 1, Math.max(0, column)));
    };
    this.#frame.addEventListener("pointermove", choose);
    this.#frame.addEventListener("pointerdown", choose);
    this.#frame.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Chooses a cell, as a pointer would; beyond the edge, the nearest. */
  choose(row, column) {
    const { rows, columns } = this.#matrix;
    return this.#choose(Math.min(rows - 1, row), Math.min(columns - 1, column));
  }

  chooseAgain() {
    return this.choose(...this.#chosen);
  }

  #choose(row, column) {
    this.#chosen = [row, column];
    return this.#onChoose(row, column);
  }

  #key(event) {
    if (this.#matrix === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const { rows, columns } = this.#matrix;
    const [row, column] = this.#chosen;
    const index = indexForKey(event.key, row * columns + column, rows * columns, columns);
    if (index === undefined) return;
    event.preventDefault();
    const words = this.#choose(Math.floor(index / columns), index % columns);
    // Only for keys: under a moving pointer a screen reader would never come to an end.
    this.#root.querySelector(".map-spoken").textContent = words;
  }
}
