/** Step 4: ReLU, and what it throws away. */

import { matrix, negated, numberAt, placeOfHighest, toRows } from "./arithmetic.js";
import { Bench } from "./bench.js";
import { MapView } from "./map-view.js";
import { write } from "./numbers.js";
import { fill, part } from "./parts.js";

export function startRelu(root, course) {
  const { picture, filter } = course;
  const bench = new Bench(root, course);
  const maps = {
    before: new MapView(part(root, "before"), { scale: "signed", onChoose: choose }),
    kept: new MapView(part(root, "kept"), { scale: "positive", onChoose: choose }),
    lost: new MapView(part(root, "lost"), { scale: "signed", onChoose: choose }),
  };
  let shown = null;

  function compute() {
    if (picture.now === null || filter.now === null) return;
    const { kernel, bias } = filter.now;
    const from = picture.now;
    bench.run(async (ask) => {
      const before = await ask(from, "convolution", { kernel: toRows(kernel), bias, stride: 1, padding: 1 });
      const kept = before && (await ask(before, "relu"));
      if (!kept) return;
      const isFirst = shown === null;
      const lost = matrix(kept.rows, kept.columns, before.values.map((value, i) => value - kept.values[i]));
      shown = { before, kept, lost };
      for (const [name, map] of Object.entries(maps)) map.show(shown[name]);
      count(before.values);
      if (isFirst) maps.lost.choose(...placeOfHighest(negated(lost)));
      else maps.before.chooseAgain();
    });
  }

  function count(values) {
    const negative = values.filter((value) => value < 0).length;
    const positive = values.filter((value) => value > 0).length;
    fill(root, {
      count: `Of the 784 numbers, ${positive} are positive and stay, ${negative} are negative and become 0, and ${784 - positive - negative} were 0 anyway.`,
    });
  }

  function choose(row, column) {
    if (shown === null) return "";
    for (const map of Object.values(maps)) map.mark(row, column);
    const before = numberAt(shown.before, row, column);
    const after = numberAt(shown.kept, row, column);
    fill(root, { place: `Row ${row + 1}, column ${column + 1}`, "value-before": write(before), "value-after": write(after), meaning: meaningOf(before) });
    movePoint(before, after);
    return `Row ${row + 1}, column ${column + 1}: ${write(before)} becomes ${write(after)}. ${meaningOf(before)}`;
  }

  /** The curve is drawn from −1 to 1, in hundredths; the point is where the number lies on it, to scale. */
  function movePoint(before, after) {
    const most = Math.max(...shown.before.values.map(Math.abs)) || 1;
    const point = part(root, "point");
    point.setAttribute("cx", String((before / most) * 100));
    point.setAttribute("cy", String((-after / most) * 100));
  }

  picture.follow(compute);
  filter.follow(compute);
}

function meaningOf(value) {
  if (value > 0) return "The filter’s pattern is here: the number stays.";
  if (value < 0) return "The filter’s opposite is here: the number becomes 0.";
  return "The filter found nothing here.";
}
