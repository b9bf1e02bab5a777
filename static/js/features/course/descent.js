/** Step 8: down the loss, step by step. */

import { descend } from "./arithmetic.js";
import { isInside, LANDSCAPES } from "./landscapes.js";
import { write } from "./numbers.js";
import { choices, fill, part, pressed, slider } from "./parts.js";

const WIDTH = 600;
const BASE = 250;
const TOP = 20;
const SAMPLES = 120;
/** Half the length of the line that shows the slope. */
const LEAN = 80;
const SVG = "http://www.w3.org/2000/svg";

export function startDescent(root) {
  const rate = slider(root, "rate", show, (value) => write(value, 2));
  const press = part(root, "step");
  let land = null;
  let place = null;
  let walk = [];

  choices(root, "landscape", start);
  press.addEventListener("click", step);
  part(root, "again").addEventListener("click", start);

  function start() {
    land = LANDSCAPES[pressed(root, "landscape")];
    walk = [land.start];
    place = placesOn(land);
    part(root, "curve").setAttribute("d", curveOf(land, place));
    part(root, "ticks").replaceChildren(...ticksOf(land, place));
    show();
  }

  function step() {
    if (!isInside(land, walk.at(-1))) return;
    walk.push(descend(walk.at(-1), land.slope(walk.at(-1)), rate.value));
    show();
  }

  function show() {
    const weight = walk.at(-1);
    const isOut = !isInside(land, weight);
    drawTrail();
    drawSlope(isOut ? null : weight);
    press.setAttribute("aria-disabled", String(isOut));
    fill(root, {
      weight: write(weight, 2),
      loss: write(land.loss(weight), 2),
      slope: write(land.slope(weight), 2),
      steps: String(walk.length - 1),
      next: `${write(weight, 2)} − ${write(rate.value, 2)} × ${bracket(land.slope(weight))} = ${write(descend(weight, land.slope(weight), rate.value), 2)}`,
      words: wordsFor(walk, land),
    });
  }

  /** The last step is a line from its start to its end; earlier ones are dots only. */
  function drawTrail() {
    const trail = part(root, "trail");
    const dots = walk.map((weight, i) => {
      const [x, y] = place(weight, land.loss(weight));
      const dot = document.createElementNS(SVG, "circle");
      dot.setAttribute("cx", String(x));
      dot.setAttribute("cy", String(y));
      dot.setAttribute("r", i === walk.length - 1 ? "9" : "4");
      if (i === walk.length - 1) dot.classList.add("is-now");
      return dot;
    });
    trail.replaceChildren(...dots);
    const points = walk.slice(-2).map((weight) => place(weight, land.loss(weight)).join(","));
    part(root, "jump").setAttribute("points", points.join(" "));
  }

  function drawSlope(weight) {
    const line = part(root, "tangent");
    line.classList.toggle("is-gone", weight === null);
    if (weight === null) return;
    const [x, y] = place(weight, land.loss(weight));
    const [right, up] = place(weight + 1, land.loss(weight) + land.slope(weight));
    const length = Math.hypot(right - x, up - y);
    const [dx, dy] = [((right - x) / length) * LEAN, ((up - y) / length) * LEAN];
    for (const [name, value] of Object.entries({ x1: x - dx, y1: y - dy, x2: x + dx, y2: y + dy })) line.setAttribute(name, String(value));
  }

  start();
}

/** What turns a weight and a loss into a place on the drawing. */
function placesOn({ from, to, loss }) {
  const highest = Math.max(loss(from), loss(to));
  return (weight, height) => [((weight - from) / (to - from)) * WIDTH, BASE - (height / highest) * (BASE - TOP)];
}

function curveOf({ from, to, loss }, place) {
  const points = Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const weight = from + ((to - from) * i) / SAMPLES;
    return place(weight, loss(weight)).map((value) => value.toFixed(1)).join(" ");
  });
  return `M${points.join("L")}`;
}

/** The whole numbers along the axis. */
function ticksOf({ from, to }, place) {
  const first = Math.ceil(from);
  return Array.from({ length: Math.floor(to) - first + 1 }, (_, i) => {
    const tick = document.createElementNS(SVG, "text");
    tick.setAttribute("x", String(place(first + i, 0)[0]));
    tick.setAttribute("y", String(BASE + 20));
    tick.setAttribute("text-anchor", "middle");
    tick.textContent = write(first + i);
    return tick;
  });
}

function bracket(value) {
  return value < 0 ? `(${write(value, 2)})` : write(value, 2);
}

function wordsFor(walk, land) {
  const now = walk.at(-1);
  if (!isInside(land, now)) return "It has flown out of the landscape: the rate is too large. Start again with a smaller one.";
  if (Math.abs(land.slope(now)) < 0.02) return "The slope is nearly nothing: this is the bottom of a valley, and the steps stop by themselves.";
  if (walk.length === 1) return "The weight has a random start. The slope tells which way is down.";
  const before = walk.at(-2);
  if (land.slope(before) * land.slope(now) < 0) {
    return land.loss(now) > land.loss(before)
      ? "Too far: it is on the other side, and higher than before."
      : "It overshot: it is on the other side now, though lower than before.";
  }
  return land.loss(now) < land.loss(before) ? "Downhill: the loss is smaller than before." : "Uphill: the step was too long.";
}
