/** On a page that is read by scrolling, a finger scrolls past papers until it is asked to draw. */

/**
 * Returns what says whether a finger draws. A tap on a paper asks for it, as the button does.
 *
 * @param {HTMLButtonElement} button
 * @param {...HTMLCanvasElement} papers
 */
export function startFingerSwitch(button, ...papers) {
  let draws = false;
  const set = (/** @type {boolean} */ wanted) => {
    draws = wanted;
    button.setAttribute("aria-pressed", String(wanted));
    for (const canvas of papers) canvas.classList.toggle("is-scrolled-past", !wanted);
  };
  set(false);
  button.addEventListener("click", () => set(!draws));
  // A scroll is no click: only a tap is.
  for (const canvas of papers) {
    canvas.addEventListener("click", (event) => {
      if (event instanceof PointerEvent && event.pointerType === "touch") set(true);
    });
  }
  return () => draws;
}
