/** Step 10: down the loss, step by step. */

import { say } from "../../text/catalogue.js";
import { svg } from "../../widgets/element.js";
import { formatTrimmed } from "../../widgets/numbers.js";
import { descend } from "./arithmetic.js";
import { BASE, curveOf, isInside, LANDSCAPES, placesOn, randomStart, tangentAt, wholeNumbersOf } from "./landscapes.js";
import { choices, drawnPart, fill, part, pressed, slider } from "./parts.js";

/** @typedef {import("./landscapes.js").Landscape} Landscape */

/** @param {HTMLElement} root */
export function startDescent(root) {
  const rate = slider(root, "rate", show, (value) => formatTrimmed(value, 2));
  const press = part(root, "step");
  let land = LANDSCAPES[pressed(root, "landscape")];
  let walk = [land.start];

  choices(root, "landscape", openLand);
  press.addEventListener("click", step);
  part(root, "again").addEventListener("click", () => startAt(walk[0]));
  part(root, "random").addEventListener("click", () => startAt(randomStart(land, [walk[0], walk[walk.length - 1]])));

  function openLand() {
    land = LANDSCAPES[pressed(root, "landscape")];
    drawnPart(root, "curve").setAttribute("d", curveOf(land));
    drawnPart(root, "ticks").replaceChildren(...ticksOf(land));
    startAt(land.start);
  }

  /** @param {number} weight */
  function startAt(weight) {
    walk = [weight];
    show();
  }

  function step() {
    const now = walk[walk.length - 1];
    if (!isInside(land, now)) return;
    walk.push(descend(now, land.slope(now), rate.value));
    show();
  }

  function show() {
    const weight = walk[walk.length - 1];
    const isOut = !isInside(land, weight);
    drawTrail();
    drawSlope(isOut ? null : weight);
    press.setAttribute("aria-disabled", String(isOut));
    const slope = land.slope(weight);
    const written = {
      weight: formatTrimmed(weight, 2),
      rate: formatTrimmed(rate.value, 2),
      slope: bracketed(slope),
      after: formatTrimmed(descend(weight, slope, rate.value), 2),
    };
    fill(root, {
      weight: written.weight,
      loss: formatTrimmed(land.loss(weight), 2),
      slope: formatTrimmed(slope, 2),
      steps: String(walk.length - 1),
      next: say("descent.next", written),
      words: wordsFor(walk, land),
    });
  }

  /** The last step is a line from its start to its end; earlier ones are dots only. */
  function drawTrail() {
    const places = walk.map((weight) => placesOn(land)(weight, land.loss(weight)));
    const last = places.length - 1;
    const dots = places.map(([cx, cy]) => svg("circle", { cx, cy, r: 4 }));
    dots[last].setAttribute("r", "9");
    dots[last].classList.add("is-now");
    drawnPart(root, "trail").replaceChildren(...dots);
    const points = places.slice(-2).map((place) => place.join(","));
    drawnPart(root, "jump").setAttribute("points", points.join(" "));
  }

  /** @param {number | null} weight */
  function drawSlope(weight) {
    const line = drawnPart(root, "tangent");
    line.classList.toggle("is-gone", weight === null);
    if (weight === null) return;
    for (const [name, value] of Object.entries(tangentAt(land, weight))) line.setAttribute(name, String(value));
  }

  openLand();
}

/**
 * The whole numbers along the axis.
 *
 * @param {Landscape} land
 */
function ticksOf(land) {
  return wholeNumbersOf(land).map((weight) => {
    const [x] = placesOn(land)(weight, 0);
    return svg("text", { x, y: BASE + 20, "text-anchor": "middle" }, formatTrimmed(weight));
  });
}

/** @param {number} value */
function bracketed(value) {
  const text = formatTrimmed(value, 2);
  return value < 0 ? `(${text})` : text;
}

/**
 * @param {number[]} walk
 * @param {Landscape} land
 */
function wordsFor(walk, land) {
  const now = walk[walk.length - 1];
  if (!isInside(land, now)) return say("descent.flown");
  if (Math.abs(land.slope(now)) < 0.02) return say("descent.bottom");
  if (walk.length === 1) return say("descent.start");
  const before = walk[walk.length - 2];
  const isHigher = land.loss(now) > land.loss(before);
  if (land.slope(before) * land.slope(now) < 0) return say(isHigher ? "descent.tooFar" : "descent.overshot");
  return say(land.loss(now) < land.loss(before) ? "descent.downhill" : "descent.uphill");
}
