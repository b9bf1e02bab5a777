/** Work for what is in sight only. */

/**
 * Calls `act()` when an element comes near the window, each time that `again` has been called since.
 *
 * @param {Element} element
 * @param {() => void} act
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
  return {
    again() {
      if (isSeen) act();
      else isOwed = true;
    },
  };
}
