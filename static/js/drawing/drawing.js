/** Drawings and their strokes, in units of the paper's side. Nothing here knows a canvas. */

/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {"pen" | "eraser"} Tool */
/** @typedef {{ tool: Tool, width: number, points: Point[] }} Stroke */

/**
 * A list of strokes with a history.
 *
 * The history is a list of whole drawings: they share their strokes, so a step costs one array,
 * and clearing is a step like any other.
 */
export class Drawing {
  /** @type {Stroke[][]} */
  #steps = [[]];
  #current = 0;
  /** @type {Stroke[] | null} */
  #example = null;

  /**
   * A ready-made drawing, which the first stroke of a pen replaces; an eraser works on it.
   *
   * @param {Stroke[]} strokes
   */
  static example(strokes) {
    const drawing = new Drawing();
    drawing.#example = strokes;
    drawing.#step(strokes);
    return drawing;
  }

  /**
   * A drawing in which each of the strokes can be undone in turn.
   *
   * @param {Stroke[]} strokes
   */
  static fromStrokes(strokes) {
    const drawing = new Drawing();
    for (const stroke of strokes) drawing.add(stroke);
    return drawing;
  }

  get strokes() {
    return this.#steps[this.#current];
  }

  /** Whether it is the ready-made drawing, and nothing of anybody's. */
  get isExample() {
    return this.strokes === this.#example;
  }

  /** Whether a pen has left anything; what only erases leaves nothing. */
  get hasInk() {
    return hasInk(this.strokes);
  }

  get canUndo() {
    return this.#current > 0;
  }

  get canRedo() {
    return this.#current < this.#steps.length - 1;
  }

  /** @param {Stroke} stroke */
  add(stroke) {
    this.#step(this.isReplacedBy(stroke) ? [stroke] : [...this.strokes, stroke]);
  }

  /** @param {Stroke} stroke */
  isReplacedBy(stroke) {
    return this.isExample && stroke.tool === "pen";
  }

  clear() {
    if (this.strokes.length > 0) this.#step([]);
  }

  undo() {
    if (this.canUndo) this.#current -= 1;
  }

  redo() {
    if (this.canRedo) this.#current += 1;
  }

  /** @param {Stroke[]} strokes */
  #step(strokes) {
    this.#steps.length = this.#current + 1;
    this.#steps.push(strokes);
    this.#current += 1;
  }
}

/**
 * Whether a pen has left anything.
 *
 * @param {Stroke[]} strokes
 */
export function hasInk(strokes) {
  return strokes.some(({ tool }) => tool === "pen");
}

/**
 * The strokes as text, for keeping. Four decimals are a twentieth of a pixel at 500 pixels.
 *
 * @param {Stroke[]} strokes
 */
export function strokesToText(strokes) {
  const round = (/** @type {number} */ number) => Math.round(number * 10000) / 10000;
  return JSON.stringify(
    strokes.map(({ tool, width, points }) => ({ tool, width, points: points.map((p) => p.map(round)) })),
  );
}

/**
 * The strokes that a text holds; an empty list where the text is not one of ours.
 *
 * @param {string} text
 * @returns {Stroke[]}
 */
export function strokesFromText(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  return Array.isArray(value) && value.every(isStroke) ? value : [];
}

/** @param {any} value */
function isStroke(value) {
  return (
    value !== null &&
    typeof value === "object" &&
    (value.tool === "pen" || value.tool === "eraser") &&
    Number.isFinite(value.width) &&
    Array.isArray(value.points) &&
    value.points.length > 0 &&
    value.points.every((/** @type {any} */ p) => Array.isArray(p) && p.length === 2 && p.every(Number.isFinite))
  );
}
