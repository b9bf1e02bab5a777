/** Step 5: pooling. */

import { numberAt, sum, windowAt, winnerOf } from "./arithmetic.js";
import { Bench } from "./bench.js";
import { MapView } from "./map-view.js";
import { NumberGrid } from "./number-grid.js";
import { write } from "./numbers.js";
import { choices, fill, part, pressed, slider } from "./parts.js";

export function startPooling(root, course) {
  const { picture } = course;
  const bench = new Bench(root, course);
  const before = new MapView(part(root, "picture"), { scale: "ink", most: 1 });
  const after = new MapView(part(root, "result"), { scale: "ink", most: 1, onChoose: choose });
  const grid = new NumberGrid(part(root, "window"), { scale: "ink", most: 1 });
  const size = slider(root, "size", compute);
  const stride = slider(root, "stride", compute);
  choices(root, "operation", compute);
  let shown = null;

  function compute() {
    if (picture.now === null) return;
    const from = { picture: picture.now, operation: pressed(root, "operation"), size: size.value, stride: stride.value };
    bench.run(async (ask) => {
      const result = await ask(from.picture, from.operation, { size: from.size, stride: from.stride, padding: 0 });
      if (result === null) return;
      const isFirst = shown === null;
      shown = { ...from, result };
      before.show(from.picture);
      after.show(result);
      part(root, "result").style.setProperty("--share", result.rows / 28);
      if (isFirst) after.choose(6, 6);
      else after.chooseAgain();
    });
  }

  function choose(row, column) {
    if (shown === null) return "";
    const window = windowAt(shown.picture, row * shown.stride, column * shown.stride, shown.size, shown.size);
    before.mark(row * shown.stride, column * shown.stride, shown.size, shown.size);
    after.mark(row, column);
    const value = write(numberAt(shown.result, row, column));
    const winner = shown.operation === "average" ? [] : [winnerOf(window.values, shown.operation)];
    grid.show(window, winner);
    const words = wordsFor(shown.operation, window.values, value);
    fill(root, { place: `Result row ${row + 1}, column ${column + 1}`, words, value });
    return `Result row ${row + 1}, column ${column + 1}: ${value}. ${words}`;
  }

  picture.follow(compute);
}

function wordsFor(operation, values, value) {
  const count = values.length;
  if (operation === "average") return `All ${count} numbers count: together ${write(sum(values))}, divided by ${count}.`;
  const isAlone = values.filter((other) => write(other) === value).length === 1;
  const kind = operation === "max" ? "largest" : "smallest";
  return isAlone ? `The ${kind} of the ${count} wins; the rest is forgotten.` : `The ${kind} wins; here several are equal, and the first is framed.`;
}
