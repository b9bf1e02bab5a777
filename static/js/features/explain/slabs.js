/** Layers as pictures to scale: their maps one behind the other, or their numbers one below the other. */

import { paintedCanvas } from "../../widgets/canvas.js";
import { contextOf } from "../../widgets/element.js";
import { windowAt } from "../../widgets/matrix.js";
import { CHANNELS, liveliestFirst, placeInSprite, placeOfNumber, spanOf, valuesOf } from "./sprites.js";

/** CSS pixels for the longer side of the picture, for the thickness that one map adds, and for that of all. */
const PICTURE_SIDE = 56;
const THICKNESS = 0.3;
const MOST_THICKNESS = 40;
/** The three maps of a colour picture stand so far apart that each can be seen. */
const CHANNEL_THICKNESS = 6;

/** The height and width of layers that have no maps but single numbers. */
const COLUMN_HEIGHT = 96;
const COLUMN_WIDTH = 14;
/** What is lower has no room for a name, and of longer names there is the beginning. */
const LEAST_LINE = 8;
const MOST_LETTERS = 8;

/** @typedef {import("../../api/explain.js").Layer} Layer */
/** @typedef {import("./sprites.js").Sprite} Sprite */

/**
 * A sprite in its layer's colours.
 *
 * @param {Sprite} sprite
 * @param {Layer} layer
 */
export function colourSprite(sprite, layer) {
  const values = valuesOf(sprite);
  const canvas = paintedCanvas(values, spanOf(layer, sprite.range));
  if (!isColour(layer)) return canvas;
  CHANNELS.forEach((_, map) => {
    const { x, y, width, height } = placeInSprite(sprite, map);
    const part = paintedCanvas(windowAt(values, y, x, height, width), spanOf(layer, sprite.range, map));
    contextOf(canvas).drawImage(part, x, y);
  });
  return canvas;
}

/** @param {Layer} layer */
function isColour({ kind, shape }) {
  return kind === "photograph" && shape[2] === CHANNELS.length;
}

/**
 * All maps, one behind the other, the liveliest in front: as thick as there are maps.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Sprite} sprite
 * @param {Layer} layer
 * @param {Layer} picture what is drawn to scale
 */
export function paintStack(canvas, sprite, layer, picture) {
  const [rows, columns, count] = layer.shape;
  const colours = colourSprite(sprite, layer);
  const pixel = PICTURE_SIDE / Math.max(picture.shape[0], picture.shape[1]);
  const [width, height] = [columns * pixel, rows * pixel];
  const thickness = isColour(layer) ? CHANNEL_THICKNESS : Math.min(THICKNESS, MOST_THICKNESS / count);
  const depth = (count - 1) * thickness;
  const context = prepare(canvas, width + depth + 1, height + depth + 1);
  context.lineWidth = 0.5;
  const order = isColour(layer) ? CHANNELS.map((_, map) => map) : liveliestFirst(sprite);
  for (let level = count - 1; level >= 0; level -= 1) {
    const place = placeInSprite(sprite, order[level]);
    const [x, y] = [level * thickness + 0.5, depth - level * thickness + 0.5];
    context.drawImage(colours, place.x, place.y, place.width, place.height, x, y, width, height);
    // Every line would be a grey block: every fourth map, and the first and the last.
    context.globalAlpha = level === 0 || level === count - 1 ? 1 : 0.35;
    if (level % 4 === 0 || level === count - 1 || isColour(layer)) context.strokeRect(x, y, width, height);
    context.globalAlpha = 1;
  }
}

/**
 * Single numbers, one below the other; in the last layers those of the digits or classes, with their names.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Sprite} sprite
 * @param {Layer} layer
 * @param {string[]} names none where the numbers have no names
 * @param {number} winner the one that won
 */
export function paintColumn(canvas, sprite, layer, names, winner) {
  const [count] = layer.shape;
  const colours = colourSprite(sprite, layer);
  const step = COLUMN_HEIGHT / count;
  const written = step < LEAST_LINE ? [] : names.map(shortened);
  const longest = Math.max(0, ...written.map(({ length }) => length));
  const context = prepare(canvas, COLUMN_WIDTH + (longest > 0 ? 8 + 6 * longest : 1), COLUMN_HEIGHT + 1);
  for (let i = 0; i < count; i += 1) {
    const { x, y } = placeOfNumber(sprite, i);
    context.drawImage(colours, x, y, 1, 1, 0.5, i * step + 0.5, COLUMN_WIDTH, step);
  }
  written.forEach((name, i) => writeName(context, name, (i + 0.5) * step, i === winner));
  context.lineWidth = 0.5;
  context.strokeRect(0.5, 0.5, COLUMN_WIDTH, COLUMN_HEIGHT);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} name
 * @param {number} middle
 * @param {boolean} isWinner
 */
function writeName(context, name, middle, isWinner) {
  const style = getComputedStyle(context.canvas);
  context.fillStyle = isWinner ? style.getPropertyValue("--accent") : style.color;
  context.font = `${isWinner ? 700 : 400} 9px ${style.fontFamily}`;
  context.fillText(name, COLUMN_WIDTH + 5, middle + 3.6);
}

/** @param {string} name */
function shortened(name) {
  return name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;
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
