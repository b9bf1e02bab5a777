/** On a small screen the paper and the answer stay in sight, small, whatever is being read below them. */

/** The largest height of the bar that they stand in, as in explain-paper.css. */
const BAR = "136px";

/** @param {HTMLElement} opening what holds both */
export function keepInSight(opening) {
  const observer = new IntersectionObserver(
    ([{ isIntersecting, boundingClientRect }]) => {
      const isPast = !isIntersecting && boundingClientRect.bottom < innerHeight / 2;
      // What is below must not move up when the two leave their places.
      opening.style.minHeight = isPast ? `${boundingClientRect.height}px` : "";
      opening.classList.toggle("is-past", isPast);
    },
    { rootMargin: `-${BAR} 0px 0px` },
  );
  observer.observe(opening);
}
