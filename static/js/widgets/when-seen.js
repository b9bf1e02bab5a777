/** Work for what is in sight only. */

import { beforePrinting } from "./printing.js";

/**
 * Calls `act()` when an element comes near the window, each time that `again` has been called since.
 *
 * @param {Element} element
 * @param {() => unknown} act
 */
export function whenSeen(element, act) {
  let isSeen = false;
  let isOwed = false;
  const observer = new IntersectionObserver(
    (entries) => {
      isSeen = entries[entries.length - 1].isIntersecting;
      if (isSeen && isOwed) {
        isOwed = false;
        act();
      }
    },
    { rootMargin: "120px" },
  );
  observer.observe(element);
  beforePrinting(() => {
    if (!isOwed) return undefined;
    isOwed = false;
    return act();
  });
  return {
    again() {
      if (isSeen) act();
      else isOwed = true;
    },
  };
}
