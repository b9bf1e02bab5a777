/** Step 1: a picture is numbers. */

import { say } from "../../text/catalogue.js";
import { numberAt, windowAt } from "../../widgets/matrix.js";
import { NumberGrid } from "../../widgets/number-grid.js";
import { formatTrimmed } from "../../widgets/numbers.js";
import { INK } from "../../widgets/scales.js";
import { MapFigure, placeInWords, placeIs } from "./map-figure.js";
import { fill, part } from "./parts.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */

/** Cells on each side of the chosen one in the close-up. */
const REACH = 3;
const SIDE = 2 * REACH + 1;
const MIDDLE = (SIDE * SIDE - 1) / 2;

/**
 * @param {HTMLElement} root
 * @param {import("./page.js").Course} course
 */
export function startNumbers(root, { picture }) {
  const closeUp = new NumberGrid(part(root, "close-up"), { format: formatTrimmed });
  const map = new MapFigure(part(root, "picture"), choose);

  /** @type {import("./map-figure.js").OnChoose} */
  function choose(row, column) {
    if (picture.now === null) return "";
    const number = numberAt(picture.now, row, column);
    map.mark(row - REACH, column - REACH, SIDE, SIDE);
    closeUp.show(windowAt(picture.now, row - REACH, column - REACH, SIDE, SIDE, NaN), INK, MIDDLE);
    const written = { place: placeInWords(row, column), value: formatTrimmed(number), meaning: meaningOf(number) };
    fill(root, written);
    return placeIs(written.place, say("numbers.spoken", written));
  }

  picture.follow((now) => {
    map.show(now, INK);
    map.choose(...edgeOf(now));
    fill(root, { inked: say("numbers.inked", { count: now.values.filter((value) => value > 0).length }) });
  });
}

/** @param {number} value */
function meaningOf(value) {
  if (value === 0) return say("numbers.bare");
  return say(value === 1 ? "numbers.full" : "numbers.partly");
}

/**
 * A place worth a look: in the middle row, the first cell with ink.
 *
 * @param {Matrix} picture
 * @returns {import("../../widgets/grid-keys.js").Place}
 */
function edgeOf({ rows, columns, values }) {
  const row = Math.floor(rows / 2);
  const column = values.slice(row * columns, (row + 1) * columns).findIndex((value) => value > 0);
  return [row, Math.max(0, column)];
}
