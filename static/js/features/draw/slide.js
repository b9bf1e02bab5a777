/** A motion that explains: the drawing slides into the frame of what the network sees. */

import { prefersStillness } from "../../widgets/motion.js";

const DURATION_MS = 180;

/**
 * Lets an element begin at a place on the screen and slide to its own.
 *
 * @param {HTMLElement} element
 * @param {DOMRect | null} place
 */
export function slideFrom(element, place) {
  if (place === null || prefersStillness()) return;
  const own = element.getBoundingClientRect();
  if (own.width === 0) return;
  const x = place.x + place.width / 2 - (own.x + own.width / 2);
  const y = place.y + place.height / 2 - (own.y + own.height / 2);
  const scale = Math.max(place.width, place.height) / own.width;
  element.animate(
    [
      { transform: `translate(${x}px, ${y}px) scale(${scale})`, opacity: 0 },
      { opacity: 0.6, offset: 0.4 },
      { transform: "none", opacity: 1 },
    ],
    { duration: DURATION_MS, easing: "ease-out" },
  );
}
