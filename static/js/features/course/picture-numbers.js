/** Step 1: a picture is numbers. */

import { numberAt, windowAt } from "./arithmetic.js";
import { MapView } from "./map-view.js";
import { NumberGrid } from "./number-grid.js";
import { write } from "./numbers.js";
import { fill, part } from "./parts.js";

/** Cells on each side of the chosen one in the close-up. */
const REACH = 3;
const SIDE = 2 * REACH + 1;
const MIDDLE = (SIDE * SIDE - 1) / 2;

export function startNumbers(root, { picture }) {
  const closeUp = new NumberGrid(part(root, "close-up"), { scale: "ink", most: 1 });
  const map = new MapView(part(root, "picture"), { scale: "ink", most: 1, onChoose: choose });

  function choose(row, column) {
    const value = numberAt(picture.now, row, column);
    map.mark(row - REACH, column - REACH, SIDE, SIDE);
    closeUp.show(windowAt(picture.now, row - REACH, column - REACH, SIDE, SIDE, NaN), [MIDDLE]);
    fill(root, { place: `Row ${row + 1}, column ${column + 1}`, value: write(value), meaning: meaningOf(value) });
    return `Row ${row + 1}, column ${column + 1}: ${write(value)}, ${meaningOf(value)}`;
  }

  picture.follow((now) => {
    map.show(now);
    map.choose(...edgeOf(now));
    const inked = now.values.filter((value) => value > 0).length;
    fill(root, { inked: `${inked} of the 784 numbers are not zero.` });
  });
}

function meaningOf(value) {
  if (value === 0) return "bare paper";
  return value === 1 ? "full ink" : "partly inked";
}

/** A place worth a look: in the middle row, the first cell with ink. */
function edgeOf({ rows, columns, values }) {
  const row = Math.floor(rows / 2);
  const column = values.slice(row * columns, (row + 1) * columns).findIndex((value) => value > 0);
  return [row, Math.max(0, column)];
}
