/** Work for what is in sight only. */

import { beforePrinting, printAfter } from "./printing.js";

/**
 * Calls `act()` when an element comes near the window, each time that `again` has been called since.
 *
 * @param {Element} element
 * @param {() => Promise<unknown>} act
 */
export function whenSeen(element, act) {
  let isSeen = false;
  let isOwed = false;
  const start = () => {
    isOwed = false;
    printAfter(act());
  };
  const observer = new IntersectionObserver(
    (entries) => {
      isSeen = entries[entries.length - 1].isIntersecting;
      if (isSeen && isOwed) start();
    },
    { rootMargin: "120px" },
  );
  observer.observe(element);
  beforePrinting(() => {
    if (isOwed) start();
  });
  return {
    again() {
      if (isSeen) start();
      else isOwed = true;
    },
  };
}
