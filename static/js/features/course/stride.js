/** Step 3: how the window walks. */

import { say } from "../../text/catalogue.js";
import { matrix, numberAt, toRows, windowAt } from "../../widgets/matrix.js";
import { prefersStillness } from "../../widgets/motion.js";
import { formatTrimmed } from "../../widgets/numbers.js";
import { INK } from "../../widgets/scales.js";
import { outputSize } from "./arithmetic.js";
import { Bench } from "./bench.js";
import { MapFigure } from "./map-figure.js";
import { fill, part, slider } from "./parts.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {{ picture: Matrix, window: number, padding: number, stride: number, result: Matrix }} Shown */

const STEP_MS = 90;

/**
 * @param {HTMLElement} root
 * @param {import("./page.js").Course} course
 */
export function startStride(root, course) {
  const { picture } = course;
  const bench = new Bench(root, course);
  const sizes = {
    window: slider(root, "window", changed),
    padding: slider(root, "padding", changed),
    stride: slider(root, "stride", changed),
  };
  const before = new MapFigure(part(root, "picture"));
  const after = new MapFigure(part(root, "result"), choose);
  const walkButton = part(root, "walk");
  /** @type {Shown | null} */
  let shown = null;
  /** @type {number | undefined} */
  let timer;

  function changed() {
    stopWalking();
    const { window, padding, stride } = now();
    const side = outputSize(28, window, stride, padding);
    const space = 28 + 2 * padding - window;
    const steps = space % stride === 0 ? "stride.steps" : "stride.stepsRounded";
    fill(root, {
      "size-sum": say("stride.sum", { padding, window, stride }),
      "size-steps": say(steps, { space, stride, steps: side - 1 }),
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
      before.show(windowAt(from.picture, -padding, -padding, 28 + 2 * padding, 28 + 2 * padding), INK);
      showInner(padding);
      after.show(result, INK);
      part(root, "result").style.setProperty("--share", String(result.rows / (28 + 2 * padding)));
      if (isFirst) after.choose(6, 5);
      else after.chooseAgain();
    });
  }

  /**
   * Marks off the frame of padding.
   *
   * @param {number} padding
   */
  function showInner(padding) {
    const inner = part(root, "inner");
    inner.hidden = padding === 0;
    inner.style.inset = `${(padding / (28 + 2 * padding)) * 100}%`;
  }

  /** @type {import("./map-figure.js").OnChoose} */
  function choose(row, column) {
    if (shown === null) return "";
    const { window, stride, padding, result } = shown;
    before.mark(row * stride, column * stride, window, window);
    after.mark(row, column);
    const spanFrom = (/** @type {number} */ index) => spanOf(index * stride - padding + 1, window);
    const words = say("stride.words", {
      place: say("course.resultPlace", { row: row + 1, column: column + 1 }),
      value: formatTrimmed(numberAt(result, row, column)),
      rows: spanFrom(row),
      columns: spanFrom(column),
    });
    fill(root, { words });
    return words;
  }

  function walk() {
    if (shown === null) return;
    let index = 0;
    const { rows, columns } = shown.result;
    walkButton.textContent = say("stride.stop");
    timer = globalThis.setInterval(() => {
      if (index === rows * columns) stopWalking();
      else after.choose(Math.floor(index / columns), index % columns);
      index += 1;
    }, STEP_MS);
  }

  function stopWalking() {
    clearInterval(timer);
    timer = undefined;
    walkButton.textContent = say("stride.walk");
  }

  walkButton.addEventListener("click", () => {
    if (timer === undefined) walk();
    else stopWalking();
  });
  // Who asks for no motion moves the window with the pointer or the keys.
  walkButton.hidden = prefersStillness();
  picture.follow(compute);
  changed();
}

/**
 * @param {number} from
 * @param {number} count
 */
function spanOf(from, count) {
  const first = formatTrimmed(from);
  return count === 1 ? first : say("stride.span", { first, last: formatTrimmed(from + count - 1) });
}
