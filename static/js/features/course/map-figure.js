/** A map with its size, its legend, and a cell that can be chosen. */

import { say } from "../../text/catalogue.js";
import { find } from "../../widgets/element.js";
import { nearestPlace } from "../../widgets/grid-keys.js";
import { showLegend } from "../../widgets/legend.js";
import { MapView } from "../../widgets/map-view.js";
import { formatTrimmed } from "../../widgets/numbers.js";

/** @typedef {import("../../widgets/grid-keys.js").Place} Place */
/** @typedef {(row: number, column: number) => string} OnChoose */

export class MapFigure {
  #root;
  #view;
  #onChoose;
  #size = { rows: 1, columns: 1 };
  /** @type {Place} */
  #chosen = [0, 0];

  /**
   * `root` is the macro's figure. `onChoose(row, column)` follows the pointer and the arrow keys, and
   * returns what is to be said of the cell to those who do not see it.
   *
   * @param {HTMLElement} root
   * @param {OnChoose} [onChoose]
   */
  constructor(root, onChoose) {
    this.#root = root;
    this.#view = new MapView(find(root, ".map-frame", HTMLElement));
    this.#onChoose = onChoose;
    if (onChoose === undefined) return;
    this.#view.attachPointing({
      place: () => this.#chosen,
      onPlace: (place, isKey) => {
        const words = this.choose(...place);
        // Only for keys: under a moving pointer a screen reader would never come to an end.
        if (isKey) find(root, ".map-spoken", HTMLElement).textContent = words;
      },
    });
  }

  /**
   * @param {import("../../widgets/matrix.js").Matrix} matrix
   * @param {import("../../widgets/scales.js").Span} span
   */
  show(matrix, span) {
    this.#view.show(matrix, span);
    this.#sizeIs(matrix);
    const legend = this.#root.querySelector(".legend");
    if (legend instanceof HTMLElement) showLegend(legend, span, (value) => formatTrimmed(value, 2));
  }

  /** @param {import("../../widgets/matrix.js").Matrix[]} colours red, green and blue, each 0 to 1 */
  showColours(colours) {
    this.#view.showColours(colours);
    this.#sizeIs(colours[0]);
  }

  /**
   * @param {import("../../widgets/matrix.js").Matrix} matrix of indices into `kinds`
   * @param {import("../../widgets/patterns.js").Kind[]} kinds
   */
  showKinds(matrix, kinds) {
    this.#view.showKinds(matrix, kinds);
    this.#sizeIs(matrix);
  }

  /** @param {import("../../widgets/matrix.js").Matrix} size */
  #sizeIs({ rows, columns }) {
    this.#size = { rows, columns };
    const size = this.#root.querySelector(".map-size");
    if (size !== null) size.textContent = `${rows} × ${columns}`;
  }

  /**
   * Frames a window of the picture; cells outside of it are framed too.
   *
   * @param {number} top
   * @param {number} left
   * @param {number} [height]
   * @param {number} [width]
   */
  mark(top, left, height = 1, width = 1) {
    this.#view.mark({ top, left, height, width });
  }

  /**
   * Chooses a cell, as a pointer would; beyond the edge, the nearest.
   *
   * @param {number} row
   * @param {number} column
   */
  choose(row, column) {
    this.#chosen = nearestPlace([row, column], this.#size);
    return this.#onChoose?.(...this.#chosen) ?? "";
  }

  chooseAgain() {
    return this.choose(...this.#chosen);
  }
}

/**
 * "Row 3, column 5" of a cell, which counts from 0.
 *
 * @param {number} row
 * @param {number} column
 */
export function placeInWords(row, column) {
  return say("place.rowAndColumn", { row: row + 1, column: column + 1 });
}

/**
 * The place of a cell, and what is said of it.
 *
 * @param {string} place
 * @param {string} words
 */
export function placeIs(place, words) {
  return say("course.placeIs", { place, words });
}
