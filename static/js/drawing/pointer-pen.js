/** Draws on a pad with a mouse, a finger or a pen. */

import { toPaper } from "./geometry.js";

/** PointerEvent.buttons while a pen is turned over to its eraser end. */
const ERASER_END = 32;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("./pad.js").Pad} pad
 * @param {() => boolean} [fingerDraws] false while a finger scrolls the page instead
 */
export function attachPointerPen(canvas, pad, fingerDraws = () => true) {
  // One pointer draws at a time: a second finger, or the palm, is not a second pen.
  /** @type {number | null} */
  let active = null;

  const pointsOf = (/** @type {PointerEvent} */ event) => {
    const rect = canvas.getBoundingClientRect();
    const samples = event.getCoalescedEvents?.() ?? [];
    return (samples.length > 0 ? samples : [event]).map((s) => toPaper(s.clientX, s.clientY, rect));
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !fingerDraws()) return;
    if (active !== null || (event.button !== 0 && event.buttons !== ERASER_END)) return;
    active = event.pointerId;
    canvas.setPointerCapture(active);
    pad.begin(pointsOf(event)[0], event.buttons === ERASER_END ? "eraser" : pad.tool);
  });

  canvas.addEventListener("pointermove", (event) => {
    const points = pointsOf(event);
    if (event.pointerType !== "touch") pad.showCursor(points[points.length - 1]);
    if (event.pointerId === active && pad.isDrawing) pad.extend(points);
  });

  const release = (/** @type {() => void} */ finish) => (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== active) return;
    active = null;
    finish();
  };
  canvas.addEventListener("pointerup", release(() => pad.end()));
  canvas.addEventListener("pointercancel", release(() => pad.cancel()));
  canvas.addEventListener("lostpointercapture", release(() => pad.end()));
  canvas.addEventListener("pointerleave", () => pad.showCursor(null));
  // Until now a stroke would have been lost: the paper said that it was not ready.
  canvas.dataset.ready = "";
}
