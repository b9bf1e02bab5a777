/** Whether things may move. */

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

export function prefersStillness() {
  return stillness.matches;
}

/**
 * Calls `act()` when the reader's wish changes.
 *
 * @param {() => void} act
 */
export function onStillnessChange(act) {
  stillness.addEventListener("change", act);
}
