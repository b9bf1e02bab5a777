/** A matrix as a picture of coloured cells, with a frame around what is looked at. */

import { paintColours, paintMatrix } from "./canvas.js";
import { find } from "./element.js";
import { placeForKey, placeForPointer } from "./grid-keys.js";
import { paintKinds } from "./patterns.js";
import { onColoursChange } from "./scales.js";

/** @typedef {import("./grid-keys.js").Place} Place */
/** @typedef {{ top: number, left: number, height: number, width: number }} Frame rows and columns of a map */

export class MapView {
  #root;
  #canvas;
  #mark;
  /** @type {import("./matrix.js").Matrix | null} */
  #matrix = null;
  /** @type {import("./scales.js").Span} */
  #span = { kind: "ink", limit: 1 };
  /** @type {import("./matrix.js").Matrix[] | null} Red, green and blue, where it is a picture in colour. */
  #colours = null;
  /** @type {import("./patterns.js").Kind[] | null} What the numbers stand for, where they are kinds. */
  #kinds = null;
  #hiddenFrom = Infinity;

  /** @param {HTMLElement} root has a canvas, and a .map-mark for the frame */
  constructor(root) {
    this.#root = root;
    this.#canvas = find(root, "canvas", HTMLCanvasElement);
    this.#mark = find(root, ".map-mark", HTMLElement);
    onColoursChange(() => this.#paint());
  }

  /**
   * @param {import("./matrix.js").Matrix} matrix
   * @param {import("./scales.js").Span} span
   */
  show(matrix, span) {
    this.#colours = null;
    this.#kinds = null;
    this.#span = span;
    this.#take(matrix);
  }

  /**
   * Shows a picture in colour.
   *
   * @param {import("./matrix.js").Matrix[]} colours red, green and blue, each 0 to 1
   */
  showColours(colours) {
    this.#colours = colours;
    this.#kinds = null;
    this.#take(colours[0]);
  }

  /**
   * Shows what each point is, in patterns.
   *
   * @param {import("./matrix.js").Matrix} matrix of indices into `kinds`
   * @param {import("./patterns.js").Kind[]} kinds
   */
  showKinds(matrix, kinds) {
    this.#colours = null;
    this.#kinds = kinds;
    this.#take(matrix);
  }

  /** @param {import("./matrix.js").Matrix} matrix */
  #take(matrix) {
    this.#matrix = matrix;
    this.#root.style.setProperty("--map-shape", `${matrix.columns} / ${matrix.rows}`);
    this.#paint();
  }

  /**
   * Frames a window of the map; it may reach beyond the edge.
   *
   * @param {Frame} frame
   */
  mark({ top, left, height, width }) {
    if (this.#matrix === null) return;
    const { rows, columns } = this.#matrix;
    const { style } = this.#mark;
    style.top = `${(top / rows) * 100}%`;
    style.left = `${(left / columns) * 100}%`;
    style.height = `${(height / rows) * 100}%`;
    style.width = `${(width / columns) * 100}%`;
    this.#mark.hidden = false;
  }

  /**
   * Hides the cells from the `index`th on, as not computed yet.
   *
   * @param {number} index
   */
  hideFrom(index) {
    if (index === this.#hiddenFrom) return;
    this.#hiddenFrom = index;
    this.#paint();
  }

  /**
   * Lets the cells be pointed at, by mouse, finger, pen and arrow keys.
   *
   * `place()` is the cell that the keys go on from; `onPlace(place, isKey)` follows; `onPlay()` the space bar.
   *
   * @param {{ place: () => Place, onPlace: (place: Place, isKey: boolean) => void, onPlay?: () => void }} options
   */
  attachPointing({ place, onPlace, onPlay }) {
    const pointed = (/** @type {PointerEvent} */ event) => {
      if (this.#matrix === null) return;
      onPlace(placeForPointer(event, this.#canvas.getBoundingClientRect(), this.#matrix), false);
    };
    this.#root.addEventListener("pointerdown", pointed);
    this.#root.addEventListener("pointermove", pointed);
    this.#root.addEventListener("keydown", (event) => {
      if (this.#matrix === null || event.metaKey || event.altKey) return;
      const next = placeForKey(event, place(), this.#matrix);
      if (next !== undefined) onPlace(next, true);
      else if (event.key === " " && !event.ctrlKey && onPlay) onPlay();
      else return;
      event.preventDefault();
    });
  }

  #paint() {
    if (this.#matrix === null) return;
    if (this.#kinds !== null) paintKinds(this.#canvas, this.#matrix, this.#kinds);
    else if (this.#colours !== null) paintColours(this.#canvas, this.#colours);
    else paintMatrix(this.#canvas, this.#matrix, this.#span, this.#hiddenFrom);
  }
}
