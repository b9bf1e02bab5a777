/** A map on a canvas: one square of colour for each number, and a frame around what is looked at. */

import { paintedCanvas } from "./colouring.js";

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class MapView {
  #canvas;
  #context;
  #picture = null;
  #width = 1;
  #height = 1;
  #frame = null;
  #unseenFrom = Infinity;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    new ResizeObserver(() => this.#resize()).observe(canvas);
  }

  show(values, width, height, scale) {
    this.#width = width;
    this.#height = height;
    this.#picture = paintedCanvas(values, width, height, scale);
    this.paint();
  }

  /** Frames rows and columns of the map: { top, left, height, width }, or nothing for null. */
  frame(frame) {
    this.#frame = frame;
    this.paint();
  }

  /** Hides the pixels from the `index`th on, as not computed yet. */
  hideFrom(index) {
    this.#unseenFrom = index;
    this.paint();
  }

  paint() {
    const { width: side } = this.#canvas;
    if (this.#picture === null || side === 0) return;
    const context = this.#context;
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, side, side);
    const [stepX, stepY] = [side / this.#width, side / this.#height];
    if (this.#unseenFrom < this.#width * this.#height) this.#paintPart(side, stepX, stepY);
    else context.drawImage(this.#picture, 0, 0, side, side);
    if (this.#frame === null) return;
    const { top, left, height, width } = this.#frame;
    const style = getComputedStyle(this.#canvas);
    const line = Math.max(2, Math.round(side / 160));
    // Two lines of opposite colours: one of them shows on any colour of the map.
    for (const [colour, inset] of [[style.getPropertyValue("--frame-out"), 0], [style.getPropertyValue("--frame-in"), line]]) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      const grow = line / 2 - inset;
      context.strokeRect(left * stepX - grow, top * stepY - grow, width * stepX + 2 * grow, height * stepY + 2 * grow);
    }
  }

  #paintPart(side, stepX, stepY) {
    const context = this.#context;
    context.globalAlpha = 0.12;
    context.drawImage(this.#picture, 0, 0, side, side);
    context.globalAlpha = 1;
    const rows = Math.floor(this.#unseenFrom / this.#width);
    context.save();
    context.beginPath();
    context.rect(0, 0, side, rows * stepY);
    context.rect(0, rows * stepY, (this.#unseenFrom % this.#width) * stepX, stepY);
    context.clip();
    context.clearRect(0, 0, side, side);
    context.drawImage(this.#picture, 0, 0, side, side);
    context.restore();
  }

  #resize() {
    const side = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (side === 0 || side === this.#canvas.width) return;
    this.#canvas.width = side;
    this.#canvas.height = side;
    this.paint();
  }
}

/** Lets a canvas's pixels be pointed at, by mouse, finger, pen and arrow keys. `size()` is [rows, columns]. */
export function attachPointing(canvas, { size, place, onPlace, onPlay }) {
  const pointed = (event) => {
    const [rows, columns] = size();
    const rect = canvas.getBoundingClientRect();
    const limit = (value, count) => Math.min(count - 1, Math.max(0, Math.floor(value * count)));
    onPlace([limit((event.clientY - rect.top) / rect.height, rows), limit((event.clientX - rect.left) / rect.width, columns)]);
  };
  canvas.addEventListener("pointerdown", pointed);
  canvas.addEventListener("pointermove", pointed);
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [rows, columns] = size();
    const [row, column] = place();
    const step = STEPS[event.key];
    if (step) {
      const limit = (value, count) => Math.min(count - 1, Math.max(0, value));
      onPlace([limit(row + step[0], rows), limit(column + step[1], columns)]);
    } else if (event.key === "Home") onPlace([row, 0]);
    else if (event.key === "End") onPlace([row, columns - 1]);
    else if (event.key === " ") onPlay();
    else return;
    event.preventDefault();
  });
}
