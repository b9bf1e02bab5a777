/** Elements made by script. */

/** `el("p", { class: "quiet" }, "Words ", el("b", {}, "and more"))`; a property that is a function listens. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Calls `act()` when an element comes near the window, each time that `again` has been called since. */
export function whenSeen(element, act) {
  let isSeen = false;
  let isOwed = false;
  const observer = new IntersectionObserver(
    (entries) => {
      isSeen = entries.at(-1).isIntersecting;
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

export function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

export function prefersStillness() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
