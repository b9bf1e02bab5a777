/** Draws on a pad with the arrow keys and the space bar, while the paper has the focus. */

import { say } from "../text/catalogue.js";
import { el } from "../widgets/element.js";
import { clampToPaper } from "./geometry.js";

const STEP = 0.03;
const FINE_STEP = 0.01;
/** A key that is held down is spoken of when it rests. */
const REST_MS = 400;
/** @type {Record<string, [x: number, y: number]>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("./pad.js").Pad} pad
 */
export function attachKeyboardPen(canvas, pad) {
  /** @type {import("./geometry.js").Point} */
  let place = [0.5, 0.5];
  let isDown = false;
  const speak = speaker(canvas);
  const speakOfPen = () => speak(say(isDown ? "pen.down" : "pen.up", inTenths(place)));

  const lift = () => {
    if (isDown) pad.end();
    isDown = false;
  };

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Shift") return;
    const direction = DIRECTIONS[event.key];
    if (direction) {
      const step = event.shiftKey ? FINE_STEP : STEP;
      place = clampToPaper([place[0] + direction[0] * step, place[1] + direction[1] * step]);
      if (isDown && pad.isDrawing) pad.extend([place]);
    } else if (event.key === " " && !event.repeat) {
      if (isDown) {
        lift();
      } else if (!pad.isDrawing) {
        pad.begin(place);
        isDown = true;
      }
    } else if (event.key !== " ") {
      // Any other key is a command (undo, clear, …), and finds the line finished.
      lift();
      return;
    }
    event.preventDefault();
    pad.showCursor(place);
    speakOfPen();
  });

  canvas.addEventListener("focus", () => {
    if (canvas.matches(":focus-visible")) pad.showCursor(place);
  });
  canvas.addEventListener("pointerdown", lift);
  canvas.addEventListener("blur", () => {
    lift();
    pad.showCursor(null);
  });
}

/**
 * Says sentences to screen readers, beside a canvas: the last of those that come quickly.
 *
 * @param {HTMLCanvasElement} canvas
 */
function speaker(canvas) {
  const spoken = el("p", { class: "visually-hidden", "data-part": "pen", "aria-live": "polite" });
  canvas.parentElement?.append(spoken);
  let timer = 0;
  return (/** @type {string} */ sentence) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      spoken.textContent = sentence;
    }, REST_MS);
  };
}

/** @param {import("./geometry.js").Point} place */
function inTenths([x, y]) {
  return { across: Math.round(x * 10), down: Math.round(y * 10) };
}
