/**
 * A drawing is a list of strokes with a history. It knows no canvas.
 *
 * A stroke is { tool: "pen" | "eraser", width, points: [[x, y], …] }, in units of the paper's side.
 * The history is a list of whole drawings: they share their strokes, so a step costs one array,
 * and clearing is a step like any other.
 */
export class Drawing {
  #steps = [[]];
  #current = 0;

  /** A drawing in which each of the strokes can be undone in turn. */
  static fromStrokes(strokes) {
    const drawing = new Drawing();
    for (const stroke of strokes) drawing.add(stroke);
    return drawing;
  }

  get strokes() {
    return this.#steps[this.#current];
  }

  /** Whether a pen has left anything; what only erases leaves nothing. */
  get hasInk() {
    return this.strokes.some((stroke) => stroke.tool === "pen");
  }

  get canUndo() {
    return this.#current > 0;
  }

  get canRedo() {
    return this.#current < this.#steps.length - 1;
  }

  add(stroke) {
    this.#step([...this.strokes, stroke]);
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

  #step(strokes) {
    this.#steps.length = this.#current + 1;
    this.#steps.push(strokes);
    this.#current += 1;
  }
}

/** The strokes as text, for keeping. Four decimals are a twentieth of a pixel at 500 pixels. */
export function strokesToText(strokes) {
  const round = (number) => Math.round(number * 10000) / 10000;
  return JSON.stringify(
    strokes.map(({ tool, width, points }) => ({ tool, width, points: points.map((p) => p.map(round)) })),
  );
}

/** The strokes that a text holds; an empty list where the text is not one of ours. */
export function strokesFromText(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  return Array.isArray(value) && value.every(isStroke) ? value : [];
}

function isStroke(value) {
  return (
    value !== null &&
    typeof value === "object" &&
    (value.tool === "pen" || value.tool === "eraser") &&
    Number.isFinite(value.width) &&
    Array.isArray(value.points) &&
    value.points.length > 0 &&
    value.points.every((p) => Array.isArray(p) && p.length === 2 && p.every(Number.isFinite))
  );
}
