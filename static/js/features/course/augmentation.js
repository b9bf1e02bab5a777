/** Step 12: a picture changed by hand and at random, as training changes it. */

import { say } from "../../text/catalogue.js";
import { paintColours, paintMatrix } from "../../widgets/canvas.js";
import { el } from "../../widgets/element.js";
import { round } from "../../widgets/matrix.js";
import { formatTrimmed } from "../../widgets/numbers.js";
import { INK, onColoursChange } from "../../widgets/scales.js";
import { augmented, drawChanges, NO_CHANGE, readAmounts } from "./augment.js";
import { MapFigure } from "./map-figure.js";
import { choices, part, pressed, slider } from "./parts.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {import("./augment.js").Changes} Changes */

const VARIANTS = 6;

/** How each number is written beside its slider. */
const WRITTEN = {
  rotate: (/** @type {number} */ value) => `${formatTrimmed(value, 0)}°`,
  shear: (/** @type {number} */ value) => formatTrimmed(value, 2),
  zoom: (/** @type {number} */ value) => `×${formatTrimmed(1 + value, 2)}`,
  across: inPercent,
  down: inPercent,
  brightness: (/** @type {number} */ value) => `×${formatTrimmed(value, 2)}`,
  cutout: inPercent,
};

const NAMES = /** @type {(keyof typeof WRITTEN)[]} */ (Object.keys(WRITTEN));

/** Sliders say where the picture goes; training, where its window does. */
const TURNED = new Set(["across", "down"]);

/**
 * @param {HTMLElement} root
 * @param {import("./page.js").Course} course
 */
export function startAugmentation(root, { picture, photograph }) {
  const maps = { before: new MapFigure(part(root, "before")), after: new MapFigure(part(root, "after")) };
  const sliders = NAMES.map((name) => ({ name, control: slider(root, name, changed, WRITTEN[name]) }));
  const flip = part(root, "flip");
  const variants = Array.from({ length: VARIANTS }, () => el("canvas", { "aria-hidden": "true" }));
  part(root, "variants").append(...variants);
  /** @type {Changes} */
  let changes = { ...NO_CHANGE };
  let others = variants.map(() => NO_CHANGE);

  const press = choices(root, "subject", drawOthers);
  part(root, "random").addEventListener("click", () => {
    use(drawChanges(amounts()));
    drawOthers();
  });
  part(root, "reset").addEventListener("click", () => use(NO_CHANGE));
  flip.addEventListener("click", () => {
    changes.flip = !changes.flip;
    show();
  });
  onColoursChange(show);

  function subject() {
    return pressed(root, "subject");
  }

  function amounts() {
    const { digit = "", photograph: ofPhotograph = "" } = part(root, "widget").dataset;
    return readAmounts(subject() === "digit" ? digit : ofPhotograph);
  }

  function drawOthers() {
    others = variants.map(() => drawChanges(amounts()));
    show();
  }

  /** @param {Changes} next which the sliders show, as exactly as they can */
  function use(next) {
    changes = { ...next };
    for (const { name, control } of sliders) control.value = TURNED.has(name) ? -next[name] : next[name];
    changed();
  }

  function changed() {
    for (const { name, control } of sliders) changes[name] = TURNED.has(name) ? 0 - control.value : control.value;
    show();
  }

  function show() {
    const channels = subject() === "digit" ? picture.now && [picture.now] : photograph.now;
    if (channels === null) return;
    flip.setAttribute("aria-pressed", String(changes.flip));
    showIn(maps.before, channels);
    showIn(maps.after, augmented(channels, changes));
    variants.forEach((canvas, i) => paint(canvas, augmented(channels, others[i])));
    part(root, "words").textContent = describe(changes);
  }

  let hasPhotograph = false;
  photograph.follow(() => {
    // Who brings a picture wants to see it changed.
    if (hasPhotograph) press("photograph");
    else use(drawChanges(amounts()));
    hasPhotograph = true;
    drawOthers();
  });
  picture.follow(show);
}

/**
 * @param {MapFigure} map
 * @param {Matrix[]} channels
 */
function showIn(map, channels) {
  if (channels.length === 1) map.show(channels[0], INK);
  else map.showColours(channels);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Matrix[]} channels
 */
function paint(canvas, channels) {
  if (channels.length === 1) paintMatrix(canvas, channels[0], INK);
  else paintColours(canvas, channels);
}

/** @param {Changes} changes */
function describe(changes) {
  const parts = changes.flip ? [say("augmentation.flip")] : [];
  for (const name of NAMES) {
    const value = TURNED.has(name) ? 0 - changes[name] : changes[name];
    const amount = WRITTEN[name](value);
    if (amount !== WRITTEN[name](NO_CHANGE[name])) parts.push(say(`augmentation.${name}`, { amount }));
  }
  return parts.length === 0 ? say("augmentation.nothing") : say("augmentation.done", { changes: parts.join(", ") });
}

/** @param {number} share */
function inPercent(share) {
  return `${formatTrimmed(round(share * 100, 0))}\u00a0%`;
}
