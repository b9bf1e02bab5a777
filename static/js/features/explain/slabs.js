/** Layers as pictures to scale: their maps one behind the other, or their numbers one below the other. */

import { paintedCanvas } from "../../widgets/canvas.js";
import { contextOf } from "../../widgets/element.js";
import { liveliestFirst, placeInSprite, spanOf, valuesOf } from "./sprites.js";

/** CSS pixels for one number of a map, and for the thickness that one map adds. */
const PIXEL = 2;
const THICKNESS = 0.3;

/** The height and width of layers that have no maps but single numbers. */
const COLUMN_HEIGHT = 96;
const COLUMN_WIDTH = 14;

/** @typedef {import("../../api/explain.js").Layer} Layer */
/** @typedef {import("./sprites.js").Sprite} Sprite */

/**
 * A sprite in its layer's colours.
 *
 * @param {Sprite} sprite
 * @param {Layer} layer
 */
export function colourSprite(sprite, { index }) {
  return paintedCanvas(valuesOf(sprite), spanOf(index, sprite.range));
}

/**
 * All maps, one behind the other, the liveliest in front: as thick as there are maps.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Sprite} sprite
 * @param {Layer} layer
 */
export function paintStack(canvas, sprite, layer) {
  const [rows, columns, count] = layer.shape;
  const colours = colourSprite(sprite, layer);
  const [width, height] = [columns * PIXEL, rows * PIXEL];
  const depth = (count - 1) * THICKNESS;
  const context = prepare(canvas, width + depth + 1, height + depth + 1);
  context.lineWidth = 0.5;
  const order = liveliestFirst(sprite);
  for (let level = count - 1; level >= 0; level -= 1) {
    const place = placeInSprite(sprite, order[level]);
    const [x, y] = [level * THICKNESS + 0.5, depth - level * THICKNESS + 0.5];
    context.drawImage(colours, place.x, place.y, place.width, place.height, x, y, width, height);
    // Every line would be a grey block: every fourth map, and the first and the last.
    context.globalAlpha = level === 0 || level === count - 1 ? 1 : 0.35;
    if (level % 4 === 0 || level === count - 1) context.strokeRect(x, y, width, height);
    context.globalAlpha = 1;
  }
}

/**
 * Single numbers, one below the other; the last layers' ten are the digits.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Sprite} sprite
 * @param {Layer} layer
 * @param {number} digit the one that won
 */
export function paintColumn(canvas, sprite, layer, digit) {
  const [count] = layer.shape;
  const colours = colourSprite(sprite, layer);
  const hasDigits = count === 10;
  const context = prepare(canvas, COLUMN_WIDTH + (hasDigits ? 14 : 1), COLUMN_HEIGHT + 1);
  const step = COLUMN_HEIGHT / count;
  for (let i = 0; i < count; i += 1) {
    context.drawImage(colours, i, 0, 1, 1, 0.5, i * step + 0.5, COLUMN_WIDTH, step);
    if (hasDigits) writeDigit(context, i, (i + 0.5) * step, i === digit);
  }
  context.lineWidth = 0.5;
  context.strokeRect(0.5, 0.5, COLUMN_WIDTH, COLUMN_HEIGHT);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} digit
 * @param {number} middle
 * @param {boolean} isWinner
 */
function writeDigit(context, digit, middle, isWinner) {
  const style = getComputedStyle(context.canvas);
  context.fillStyle = isWinner ? style.getPropertyValue("--accent") : style.color;
  context.font = `${isWinner ? 700 : 400} 9px ${style.fontFamily}`;
  context.fillText(String(digit), COLUMN_WIDTH + 5, middle + 3.6);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
function prepare(canvas, width, height) {
  const scale = Math.max(2, devicePixelRatio);
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = contextOf(canvas);
  context.scale(scale, scale);
  context.imageSmoothingEnabled = false;
  context.strokeStyle = getComputedStyle(canvas).color;
  return context;
}
