/** Step 4: ReLU, and what it throws away. */

import { say } from "../../text/catalogue.js";
import { magnitude, mapped, negated, numberAt, placeOfHighest, toRows } from "../../widgets/matrix.js";
import { formatTrimmed } from "../../widgets/numbers.js";
import { Bench } from "./bench.js";
import { MapFigure, placeInWords, placeIs } from "./map-figure.js";
import { drawnPart, fill, part } from "./parts.js";
import { positive, signed } from "./spans.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {{ before: Matrix, kept: Matrix, lost: Matrix }} Shown */

/**
 * @param {HTMLElement} root
 * @param {import("./page.js").Course} course
 */
export function startRelu(root, course) {
  const { picture, filter } = course;
  const bench = new Bench(root, course);
  const maps = {
    before: new MapFigure(part(root, "before"), choose),
    kept: new MapFigure(part(root, "kept"), choose),
    lost: new MapFigure(part(root, "lost"), choose),
  };
  /** @type {Shown | null} */
  let shown = null;

  function compute() {
    if (picture.now === null || filter.now === null) return;
    const { kernel, bias } = filter.now;
    const from = picture.now;
    bench.run(async (ask) => {
      const before = await ask(from, "convolution", { kernel: toRows(kernel), bias, stride: 1, padding: 1 });
      const kept = before && (await ask(before, "relu"));
      if (before === null || kept === null) return;
      const isFirst = shown === null;
      const lost = mapped(before, (value, i) => value - kept.values[i]);
      shown = { before, kept, lost };
      maps.before.show(before, signed(before));
      maps.kept.show(kept, positive(kept));
      maps.lost.show(lost, signed(lost));
      count(before.values);
      if (isFirst) maps.lost.choose(...placeOfHighest(negated(lost)));
      else maps.before.chooseAgain();
    });
  }

  /** @param {number[]} values */
  function count(values) {
    const below = values.filter((value) => value < 0).length;
    const above = values.filter((value) => value > 0).length;
    fill(root, { count: say("relu.count", { positive: above, negative: below, zero: values.length - above - below }) });
  }

  /** @type {import("./map-figure.js").OnChoose} */
  function choose(row, column) {
    if (shown === null) return "";
    for (const map of Object.values(maps)) map.mark(row, column);
    const before = numberAt(shown.before, row, column);
    const after = numberAt(shown.kept, row, column);
    const written = { before: formatTrimmed(before), after: formatTrimmed(after), meaning: meaningOf(before) };
    const place = placeInWords(row, column);
    fill(root, { place, "value-before": written.before, "value-after": written.after, meaning: written.meaning });
    movePoint(before, after, magnitude(shown.before.values) || 1);
    return placeIs(place, say("relu.spoken", written));
  }

  /**
   * The curve is drawn from −1 to 1, in hundredths; the point is where the number lies on it, to scale.
   *
   * @param {number} before
   * @param {number} after
   * @param {number} most
   */
  function movePoint(before, after, most) {
    const point = drawnPart(root, "point");
    point.setAttribute("cx", String((before / most) * 100));
    point.setAttribute("cy", String((-after / most) * 100));
  }

  picture.follow(compute);
  filter.follow(compute);
}

/** @param {number} value */
function meaningOf(value) {
  if (value > 0) return say("relu.positive");
  return say(value < 0 ? "relu.negative" : "relu.zero");
}
