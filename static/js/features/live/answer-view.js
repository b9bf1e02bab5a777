/** Shows what was read: frames over the picture, words beside it. */

import { isUnsure } from "../../widgets/answer-words.js";
import { frameAround } from "../../widgets/boxes.js";
import { contextOf } from "../../widgets/element.js";
import { formatPercent } from "../../widgets/numbers.js";
import { Verdict } from "../../widgets/verdict.js";

/** @typedef {import("./steady.js").Mark} Mark */
/** @typedef {import("./observation.js").Words} Words */
/** @typedef {{ width: number, height: number }} Size */

const LINE = 3;
const PADDING = 6;
/** Pixels of a label's letters; beside small digits they are smaller, too. */
const LARGEST_LABEL = 22;
const SMALLEST_LABEL = 12;

/**
 * Where a picture lies in a place of another shape, all of it seen and in the middle.
 *
 * @param {Size} picture
 * @param {Size} place
 */
export function fitInto(picture, place) {
  const scale = Math.min(place.width / picture.width, place.height / picture.height);
  const left = (place.width - picture.width * scale) / 2;
  const top = (place.height - picture.height * scale) / 2;
  return { scale, left, top };
}

export class AnswerView {
  #canvas;
  #verdict = new Verdict();
  #said = "";

  /** @param {HTMLCanvasElement} canvas lies over the picture */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /**
   * Says it. What has not changed is left alone, so that it is not read out again.
   *
   * @param {Words} words
   */
  say({ kind, shown, words, detail, warning = "", spoken = "" }) {
    const said = [kind, shown, words, detail, warning].join("\n");
    if (said === this.#said) return;
    this.#said = said;
    this.#verdict.say(kind, shown, words, detail, { warning, spoken });
  }

  /**
   * Draws the marks of a picture of this size; `still` is the picture itself, where no video lies beneath.
   *
   * @param {Mark[]} marks
   * @param {Size} size
   * @param {CanvasImageSource | null} [still]
   */
  mark(marks, size, still = null) {
    const context = this.#clear();
    const { clientWidth, clientHeight } = this.#canvas;
    const { scale, left, top } = fitInto(size, { width: clientWidth, height: clientHeight });
    if (still !== null) context.drawImage(still, left, top, size.width * scale, size.height * scale);
    const colours = getComputedStyle(this.#canvas);
    const colour = (/** @type {string} */ name) => colours.getPropertyValue(name);
    for (const mark of marks) {
      const { x, y, width, height } = frameAround(mark.box.map((length) => length * scale));
      const place = { x: x + left, y: y + top, width, height };
      drawFrame(context, place, { isUnsure: isUnsure(mark), line: colour("--accent"), halo: colour("--halo") });
      if (mark.label === "") continue;
      const words = marks.length === 1 ? `${mark.label}  ${formatPercent(mark.confidence)}` : mark.label;
      const size = Math.max(SMALLEST_LABEL, Math.min(LARGEST_LABEL, height / 2));
      const font = `600 ${size}px ${colours.fontFamily}`;
      const look = { ink: colour("--on-accent"), fill: colour("--accent"), font, size };
      drawLabel(context, words, place, look, { width: clientWidth, height: clientHeight });
    }
  }

  clear() {
    this.#clear();
  }

  #clear() {
    const { clientWidth, clientHeight } = this.#canvas;
    const density = globalThis.devicePixelRatio || 1;
    this.#canvas.width = Math.round(clientWidth * density);
    this.#canvas.height = Math.round(clientHeight * density);
    const context = contextOf(this.#canvas);
    context.scale(density, density);
    return context;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ x: number, y: number, width: number, height: number }} place
 * @param {{ isUnsure: boolean, line: string, halo: string }} look
 */
function drawFrame(context, { x, y, width, height }, { isUnsure: isDashed, line, halo }) {
  for (const [lineWidth, strokeStyle] of /** @type {[number, string][]} */ ([[LINE + 3, halo], [LINE, line]])) {
    Object.assign(context, { lineWidth, strokeStyle });
    context.setLineDash(isDashed && strokeStyle === line ? [8, 6] : []);
    context.strokeRect(x, y, width, height);
  }
}

/**
 * Above the frame; where there is no room, below it; else inside.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} words
 * @param {{ x: number, y: number, height: number }} place of the frame
 * @param {{ ink: string, fill: string, font: string, size: number }} look
 * @param {Size} canvas
 */
function drawLabel(context, words, place, { ink, fill, font, size }, canvas) {
  context.font = font;
  const width = context.measureText(words).width + 2 * PADDING;
  const height = size + 2 * PADDING;
  const left = Math.max(0, Math.min(place.x - LINE / 2, canvas.width - width));
  const below = place.y + place.height;
  const inside = Math.max(0, place.y);
  const top = place.y >= height ? place.y - height : below + height <= canvas.height ? below : inside;
  context.fillStyle = fill;
  context.fillRect(left, top, width, height);
  context.fillStyle = ink;
  context.textBaseline = "middle";
  context.fillText(words, left + PADDING, top + height / 2);
}
