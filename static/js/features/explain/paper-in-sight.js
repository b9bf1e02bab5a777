/** Paper and answer stay in sight, small, in a bar at the top, whatever is being read below them. */

/** The largest height of the bar, as in explain-paper.css. */
const BAR = "136px";

/** Where the paper stays large beside the stages, until they are past too, as in explain-paper.css. */
const BESIDE = "(min-width: 80rem) and (min-height: 44rem)";

/**
 * @param {HTMLElement} opening what holds both
 * @param {HTMLElement} beginning what holds the stages as well
 */
export function keepInSight(opening, beginning) {
  const isBeside = matchMedia(BESIDE);
  const observer = new IntersectionObserver(
    ([{ target, isIntersecting, boundingClientRect }]) => {
      const isPast = !isIntersecting && boundingClientRect.bottom < innerHeight / 2;
      // What is below must not move up when the two leave their places.
      if (target instanceof HTMLElement) target.style.minHeight = isPast ? `${boundingClientRect.height}px` : "";
      opening.classList.toggle("is-past", isPast);
    },
    { rootMargin: `-${BAR} 0px 0px` },
  );
  const observe = () => {
    observer.disconnect();
    for (const one of [opening, beginning]) one.style.minHeight = "";
    opening.classList.remove("is-past");
    observer.observe(isBeside.matches ? beginning : opening);
  };
  isBeside.addEventListener("change", observe);
  observe();
}
