/** Step 3: how the window walks. */

import { matrix, numberAt, outputSize, toRows, windowAt } from "./arithmetic.js";
import { Bench } from "./bench.js";
import { MapView } from "./map-view.js";
import { write } from "./numbers.js";
import { fill, part, slider } from "./parts.js";

const STEP_MS = 90;

export function startStride(root, course) {
  const { picture } = course;
  const bench = new Bench(root, course);
  const sizes = { window: slider(root, "window", changed), padding: slider(root, "padding", changed), stride: slider(root, "stride", changed) };
  const before = new MapView(part(root, "picture"), { scale: "ink", most: 1 });
  const after = new MapView(part(root, "result"), { scale: "ink", most: 1, onChoose: choose });
  const walkButton = part(root, "walk");
  let shown = null;
  let timer = null;

  function changed() {
    stopWalking();
    const { window, padding, stride } = now();
    const side = outputSize(28, window, stride, padding);
    const space = 28 + 2 * padding - window;
    fill(root, {
      "size-sum": `(28 + 2 × ${padding} − ${window}) ÷ ${stride} + 1`,
      "size-steps": space % stride === 0 ? `${space} ÷ ${stride} + 1` : `${space} ÷ ${stride}, rounded down to ${side - 1}, +\u00a01`,
      side: String(side),
    });
    compute();
  }

  function now() {
    return { window: sizes.window.value, padding: sizes.padding.value, stride: sizes.stride.value };
  }

  function compute() {
    if (picture.now === null) return;
    const from = { picture: picture.now, ...now() };
    bench.run(async (ask) => {
      const { window, padding, stride } = from;
      const kernel = toRows(matrix(window, window, new Array(window * window).fill(1 / (window * window))));
      const result = await ask(from.picture, "convolution", { kernel, bias: 0, stride, padding });
      if (result === null) return;
      const isFirst = shown === null;
      shown = { ...from, result };
      // The frame of zeros belongs to what the window sees, so it is shown as part of the picture.
      before.show(windowAt(from.picture, -padding, -padding, 28 + 2 * padding, 28 + 2 * padding));
      showInner(padding);
      after.show(result);
      part(root, "result").style.setProperty("--share", result.rows / (28 + 2 * padding));
      if (isFirst) after.choose(6, 5);
      else after.chooseAgain();
    });
  }

  /** Marks off the frame of padding. */
  function showInner(padding) {
    const inner = part(root, "inner");
    inner.hidden = padding === 0;
    inner.style.inset = `${(padding / (28 + 2 * padding)) * 100}%`;
  }

  function choose(row, column) {
    if (shown === null) return "";
    const { window, stride, padding, result } = shown;
    before.mark(row * stride, column * stride, window, window);
    after.mark(row, column);
    const value = write(numberAt(result, row, column));
    const first = (index) => index * stride - padding + 1;
    const words = `Result row ${row + 1}, column ${column + 1}: ${value}, the mean of rows ${spanOf(first(row), window)} and columns ${spanOf(first(column), window)}`;
    fill(root, { words });
    return words;
  }

  function walk() {
    if (shown === null) return;
    let index = 0;
    const { rows, columns } = shown.result;
    walkButton.textContent = "Stop";
    timer = setInterval(() => {
      if (index === rows * columns) stopWalking();
      else after.choose(Math.floor(index / columns), index % columns);
      index += 1;
    }, STEP_MS);
  }

  function stopWalking() {
    clearInterval(timer);
    timer = null;
    walkButton.textContent = "Let the window walk";
  }

  walkButton.addEventListener("click", () => {
    if (timer === null) walk();
    else stopWalking();
  });
  // Who asks for no motion moves the window with the pointer or the keys.
  walkButton.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
  picture.follow(compute);
  changed();
}

function spanOf(first, count) {
  return count === 1 ? write(first) : `${write(first)} to ${write(first + count - 1)}`;
}
