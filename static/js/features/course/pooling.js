/** Step 5: pooling. */

import { say } from "../../text/catalogue.js";
import { numberAt, sum, windowAt, winnerOf } from "../../widgets/matrix.js";
import { NumberGrid } from "../../widgets/number-grid.js";
import { formatTrimmed } from "../../widgets/numbers.js";
import { INK } from "../../widgets/scales.js";
import { Bench } from "./bench.js";
import { MapFigure, placeIs } from "./map-figure.js";
import { choices, fill, part, pressed, slider } from "./parts.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {{ picture: Matrix, operation: string, size: number, stride: number, result: Matrix }} Shown */

/**
 * @param {HTMLElement} root
 * @param {import("./page.js").Course} course
 */
export function startPooling(root, course) {
  const { picture } = course;
  const bench = new Bench(root, course);
  const before = new MapFigure(part(root, "picture"));
  const after = new MapFigure(part(root, "result"), choose);
  const grid = new NumberGrid(part(root, "window"), { format: formatTrimmed });
  const size = slider(root, "size", compute);
  const stride = slider(root, "stride", compute);
  choices(root, "operation", compute);
  /** @type {Shown | null} */
  let shown = null;

  function compute() {
    if (picture.now === null) return;
    const operation = pressed(root, "operation");
    const from = { picture: picture.now, operation, size: size.value, stride: stride.value };
    bench.run(async (ask) => {
      const result = await ask(from.picture, from.operation, { size: from.size, stride: from.stride, padding: 0 });
      if (result === null) return;
      const isFirst = shown === null;
      shown = { ...from, result };
      before.show(from.picture, INK);
      after.show(result, INK);
      part(root, "result").style.setProperty("--share", String(result.rows / 28));
      if (isFirst) after.choose(6, 6);
      else after.chooseAgain();
    });
  }

  /** @type {import("./map-figure.js").OnChoose} */
  function choose(row, column) {
    if (shown === null) return "";
    const { stride: step, size: side, operation } = shown;
    const window = windowAt(shown.picture, row * step, column * step, side, side);
    before.mark(row * step, column * step, side, side);
    after.mark(row, column);
    grid.show(window, INK, isExtreme(operation) ? winnerOf(window.values, operation) : -1);
    const value = formatTrimmed(numberAt(shown.result, row, column));
    const place = say("course.resultPlace", { row: row + 1, column: column + 1 });
    const words = wordsFor(operation, window.values, value);
    fill(root, { place, words, value });
    return placeIs(place, say("pooling.spoken", { value, words }));
  }

  picture.follow(compute);
}

/**
 * @param {string} operation
 * @returns {operation is "max" | "min"}
 */
function isExtreme(operation) {
  return operation === "max" || operation === "min";
}

/**
 * @param {string} operation
 * @param {number[]} values
 * @param {string} value
 */
function wordsFor(operation, values, value) {
  const count = values.length;
  if (!isExtreme(operation)) return say("pooling.average", { count, sum: formatTrimmed(sum(values)) });
  const isAlone = values.filter((other) => formatTrimmed(other) === value).length === 1;
  if (isAlone) return say(`pooling.${operation}`, { count });
  return say(operation === "max" ? "pooling.severalMax" : "pooling.severalMin");
}
