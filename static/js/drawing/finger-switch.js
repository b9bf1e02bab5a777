/** On a page that is read by scrolling, a finger scrolls past the paper until it is asked to draw. */

/**
 * Returns what says whether a finger draws. A tap on the paper asks for it, as the button does.
 *
 * @param {HTMLButtonElement} button
 * @param {HTMLCanvasElement} canvas
 */
export function startFingerSwitch(button, canvas) {
  let draws = false;
  const set = (/** @type {boolean} */ wanted) => {
    draws = wanted;
    button.setAttribute("aria-pressed", String(wanted));
    canvas.classList.toggle("is-scrolled-past", !wanted);
  };
  set(false);
  button.addEventListener("click", () => set(!draws));
  // A scroll is no click: only a tap is.
  canvas.addEventListener("click", (event) => {
    if (event instanceof PointerEvent && event.pointerType === "touch") set(true);
  });
  return () => draws;
}
