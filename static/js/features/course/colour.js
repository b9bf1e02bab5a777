/** Step 6: a picture in colour is three maps, and a filter for it has three slices. */

import { say } from "../../text/catalogue.js";
import { findAll } from "../../widgets/element.js";
import { numberAt, products, sum, toPlaces, windowAt } from "../../widgets/matrix.js";
import { NumberGrid } from "../../widgets/number-grid.js";
import { formatSignedTrimmed, formatTrimmed } from "../../widgets/numbers.js";
import { Bench } from "./bench.js";
import { KernelEditor } from "./kernel-editor.js";
import { nameOfSlices, slicesNamed } from "./kernels.js";
import { MapFigure, placeIs } from "./map-figure.js";
import { choices, fill, part } from "./parts.js";
import { signed } from "./spans.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {{ channels: Matrix[], slices: Matrix[], result: Matrix }} Shown */

/**
 * A result worth a look: beside the cat’s nose.
 *
 * @type {import("../../widgets/grid-keys.js").Place}
 */
const FIRST = [13, 13];

const CHANNELS = /** @type {const} */ (["red", "green", "blue"]);

/**
 * @param {HTMLElement} root
 * @param {import("./page.js").Course} course
 */
export function startColour(root, course) {
  const { photograph } = course;
  const bench = new Bench(root, course);
  /** @type {Shown | null} */
  let shown = null;

  // The cell that is pointed at is the middle of the window, whose result is one up and one to the left.
  const chooseMiddle = (/** @type {number} */ row, /** @type {number} */ column) => after.choose(row - 1, column - 1);
  const picture = new MapFigure(part(root, "picture"), chooseMiddle);
  const maps = CHANNELS.map((name) => new MapFigure(part(root, name), chooseMiddle));
  const after = new MapFigure(part(root, "result"), choose);
  const patches = CHANNELS.map((name) => new NumberGrid(part(root, `patch-${name}`), { format: formatTrimmed }));
  const editors = CHANNELS.map(
    (name) => new KernelEditor(findAll(part(root, `slice-${name}`), "input", HTMLInputElement), 3, changed),
  );
  const press = choices(root, "presets", use);

  /** @param {string} name */
  function use(name) {
    slicesNamed(name).forEach((slice, i) => editors[i].show(slice));
    changed();
  }

  function changed() {
    const name = nameOfSlices(editors.map((editor) => editor.value));
    press(name);
    part(root, "own").classList.toggle("is-on", name === "");
    compute();
  }

  function compute() {
    if (photograph.now === null) return;
    const from = { channels: photograph.now, slices: editors.map((editor) => editor.value) };
    bench.run(async (ask) => {
      const options = { kernel: toPlaces(from.slices), bias: 0, stride: 1, padding: 0 };
      const result = await ask(from.channels, "convolution", options);
      if (result === null) return;
      const isFirst = shown === null;
      shown = { ...from, result };
      picture.showColours(from.channels);
      maps.forEach((map, i) => map.show(from.channels[i], { kind: CHANNELS[i], limit: 1 }));
      after.show(result, signed(result));
      if (isFirst) after.choose(...FIRST);
      else after.chooseAgain();
    });
  }

  /** @type {import("./map-figure.js").OnChoose} */
  function choose(row, column) {
    if (shown === null) return "";
    const { channels, slices, result } = shown;
    for (const map of [picture, ...maps]) map.mark(row, column, 3, 3);
    after.mark(row, column);
    const windows = channels.map((channel) => windowAt(channel, row, column, 3, 3));
    const sums = windows.map((window, i) => sum(products(window, slices[i]).values));
    windows.forEach((window, i) => patches[i].show(window, { kind: CHANNELS[i], limit: 1 }));
    const [red, green, blue] = channels.map((channel) => formatTrimmed(numberAt(channel, row + 1, column + 1)));
    const place = say("colour.place", { row: row + 2, column: column + 2 });
    const written = { sums: inOneLine(sums), value: formatTrimmed(numberAt(result, row, column)) };
    fill(root, { place: placeIs(place, say("colour.here", { red, green, blue })), ...written });
    CHANNELS.forEach((name, i) => fill(root, { [`sum-${name}`]: formatTrimmed(sums[i]) }));
    part(root, "swatch").style.backgroundColor = colourOf(channels, row + 1, column + 1);
    return placeIs(place, say("colour.spoken", { red, green, blue, ...written }));
  }

  photograph.follow(compute);
  use("edges");
}

/**
 * "0.2 + 1 − 0.5"
 *
 * @param {number[]} sums
 */
function inOneLine([first, ...others]) {
  const signedOnes = others.map(formatSignedTrimmed);
  const spaced = signedOnes.map((text) => (/^[+−]/.test(text) ? `${text[0]} ${text.slice(1)}` : `+ ${text}`));
  return [formatTrimmed(first), ...spaced].join(" ");
}

/**
 * @param {Matrix[]} channels
 * @param {number} row
 * @param {number} column
 */
function colourOf(channels, row, column) {
  return `rgb(${channels.map((channel) => numberAt(channel, row, column) * 255).join(" ")})`;
}
