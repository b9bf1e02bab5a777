/** The paper on the screen: a view of a drawing, and of the stroke that is being drawn. */

import { contextOf } from "../widgets/element.js";
import { onColoursChange } from "../widgets/scales.js";
import { Drawing } from "./drawing.js";
import { isFarEnough, pathLength } from "./geometry.js";
import { paintStrokes } from "./paint.js";

/** @typedef {import("./drawing.js").Stroke} Stroke */
/** @typedef {import("./drawing.js").Tool} Tool */
/** @typedef {import("./geometry.js").Point} Point */

/** A cancelled stroke shorter than this was the start of a gesture; a longer one was meant. */
const MEANT = 0.02;

/** A fine pen would leave an eraser of no use. */
const ERASER_FACTOR = 2;

export class Pad {
  /** @type {Tool} */
  tool = "pen";
  width = 0.055;
  #canvas;
  #context;
  #drawing = new Drawing();
  /** @type {Stroke | null} */
  #stroke = null;
  /** @type {Point | null} */
  #cursor = null;
  #finished = document.createElement("canvas");
  #finishedIsStale = true;
  #frame = 0;
  #onChange;
  #onStroke;

  /**
   * `onChange(drawing)` follows every change of the drawing, `onStroke()` the start of a stroke.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {{ onChange: (drawing: Drawing) => void, onStroke?: () => void }} listeners
   */
  constructor(canvas, { onChange, onStroke = () => {} }) {
    this.#canvas = canvas;
    this.#context = contextOf(canvas);
    this.#onChange = onChange;
    this.#onStroke = onStroke;
    new ResizeObserver(() => this.#resize()).observe(canvas);
    onColoursChange(() => this.#recolour());
  }

  get drawing() {
    return this.#drawing;
  }

  get isDrawing() {
    return this.#stroke !== null;
  }

  /** @param {Stroke[]} strokes */
  show(strokes) {
    this.#drawing = Drawing.fromStrokes(strokes);
    this.#changed();
  }

  /**
   * Shows a ready-made drawing, which a person's first stroke replaces.
   *
   * @param {Stroke[]} strokes
   */
  showExample(strokes) {
    this.#drawing = Drawing.example(strokes);
    this.#changed();
  }

  undo() {
    this.#change((drawing) => drawing.undo());
  }

  redo() {
    this.#change((drawing) => drawing.redo());
  }

  clear() {
    this.#change((drawing) => drawing.clear());
  }

  /**
   * @param {Point} point
   * @param {Tool} tool
   */
  begin(point, tool = this.tool) {
    this.#stroke = { tool, width: this.#widthOf(tool), points: [point] };
    this.#onStroke();
    this.#repaint();
  }

  /** @param {Point[]} points */
  extend(points) {
    if (this.#stroke === null) return;
    for (const point of points) {
      if (isFarEnough(this.#stroke.points, point)) this.#stroke.points.push(point);
    }
    this.#repaint();
  }

  end() {
    const stroke = this.#stroke;
    if (stroke === null) return;
    this.#stroke = null;
    this.#change((drawing) => drawing.add(stroke));
  }

  /** The system took the pointer away: a line that was meant stays, a mere touch goes. */
  cancel() {
    if (this.#stroke !== null && pathLength(this.#stroke.points) < MEANT) {
      this.#stroke = null;
      this.#repaint();
    } else {
      this.end();
    }
  }

  /**
   * Shows a ring of the tool's size at a point, or none for null.
   *
   * @param {Point | null} point
   */
  showCursor(point) {
    this.#cursor = point;
    this.#repaint();
  }

  /** @param {Tool} tool */
  #widthOf(tool) {
    return tool === "eraser" ? this.width * ERASER_FACTOR : this.width;
  }

  /** @param {(drawing: Drawing) => void} step */
  #change(step) {
    this.end();
    const before = this.#drawing.strokes;
    step(this.#drawing);
    if (this.#drawing.strokes !== before) this.#changed();
  }

  #changed() {
    this.#invalidate();
    this.#onChange(this.#drawing);
  }

  #resize() {
    const side = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (side === 0 || side === this.#canvas.width) return;
    for (const canvas of [this.#canvas, this.#finished]) {
      canvas.width = side;
      canvas.height = side;
    }
    this.#finishedIsStale = true;
    // At once, because a canvas that has just been resized is empty and would flash.
    this.#paint();
  }

  /** At once, because paper waits for no frame. */
  #recolour() {
    this.#finishedIsStale = true;
    this.#paint();
  }

  #invalidate() {
    this.#finishedIsStale = true;
    this.#repaint();
  }

  #repaint() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const side = this.#canvas.width;
    const ink = getComputedStyle(this.#canvas).color;
    // Finished strokes are kept as pixels, so a long drawing does not slow down the next stroke.
    if (this.#finishedIsStale) {
      const context = contextOf(this.#finished);
      context.clearRect(0, 0, side, side);
      paintStrokes(context, this.#drawing.strokes, side, ink);
      this.#finishedIsStale = false;
    }
    this.#context.clearRect(0, 0, side, side);
    if (this.#stroke === null || !this.#drawing.isReplacedBy(this.#stroke)) {
      this.#context.drawImage(this.#finished, 0, 0);
    }
    if (this.#stroke) paintStrokes(this.#context, [this.#stroke], side, ink);
    if (this.#cursor) this.#paintCursor(this.#cursor, side, ink);
  }

  /**
   * @param {Point} cursor
   * @param {number} side
   * @param {string} ink
   */
  #paintCursor([x, y], side, ink) {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.arc(x * side, y * side, (this.#widthOf(this.tool) * side) / 2, 0, 2 * Math.PI);
    context.lineWidth = devicePixelRatio;
    context.strokeStyle = ink;
    context.globalAlpha = 0.45;
    context.stroke();
    context.restore();
  }
}
