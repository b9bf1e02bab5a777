/** Which scale a layer's numbers have, and its sprite in those colours. */

import { pageRamps, Scale } from "../../widgets/colours.js";
import { formatNumber } from "../../widgets/numbers.js";
import { el } from "../../widgets/element.js";

let ramps = null;
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  ramps = null;
});

export function signedScale(limit) {
  ramps ??= pageRamps();
  return new Scale(ramps.signed, limit, true);
}

export function inkScale() {
  ramps ??= pageRamps();
  return new Scale(ramps.ink, 1, false);
}

/** One scale for all maps of a layer, so that they can be compared; the picture itself is ink. */
export function scaleOf(index, [low, high]) {
  if (index === 0) return inkScale();
  ramps ??= pageRamps();
  return low < 0 ? signedScale(Math.max(-low, high)) : new Scale(ramps.positive, high, false);
}

/** A sprite of grey levels as a canvas in the layer's colours. */
export function colourSprite(sprite, scale) {
  return paintedCanvas(valuesOf(sprite), sprite.width, sprite.height, scale);
}

/** Numbers as a small picture, one pixel each. */
export function paintedCanvas(values, width, height, scale) {
  const canvas = el("canvas", { width, height });
  canvas.getContext("2d").putImageData(new ImageData(scale.paint(values), width, height), 0, 0);
  return canvas;
}

/** The maps of a sprite in the order of how much there is to see on them (their variance). */
export function liveliestFirst(sprite) {
  const values = valuesOf(sprite);
  const count = sprite.shape.length === 3 ? sprite.shape[2] : 1;
  const variances = Array.from({ length: count }, (_, map) => {
    const { x, y, width, height } = placeInSprite(sprite, map);
    let [sum, squares] = [0, 0];
    for (let row = y; row < y + height; row += 1) {
      for (let column = x; column < x + width; column += 1) {
        const value = values[row * sprite.width + column];
        sum += value;
        squares += value * value;
      }
    }
    return squares - (sum * sum) / (width * height);
  });
  return variances.map((_, map) => map).sort((a, b) => variances[b] - variances[a]);
}

/** The numbers that a sprite's grey levels stand for. */
function valuesOf({ levels, range: [low, high] }) {
  return Float32Array.from(levels, (level) => low + (level / 255) * (high - low));
}

/** Where in a sprite a map is: { x, y, width, height }. */
export function placeInSprite({ columns, shape }, map) {
  const [height, width] = shape.length === 3 ? shape : [1, shape[0]];
  return { x: (map % columns) * width, y: Math.floor(map / columns) * height, width, height };
}

/** Draws the legend of a scale: its colours, and the numbers at its ends. */
export function showLegend(legend, scale) {
  legend.dataset.scale = scale.isSigned ? "signed" : scale.ramp === ramps.ink ? "ink" : "positive";
  const ends = [scale.isSigned ? formatNumber(-scale.limit) : "0", scale.isSigned ? "0" : "", formatNumber(scale.limit)];
  legend.replaceChildren(el("span", { class: "legend-bar" }), ...ends.map((text) => el("span", {}, text)));
}
