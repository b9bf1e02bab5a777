/** Keeps a text for as long as the tab lives, over a reload too. */

let isForgotten = false;

/**
 * @param {string} name
 * @param {string} text
 */
export function keep(name, text) {
  if (isForgotten) return;
  try {
    sessionStorage.setItem(name, text);
  } catch {
    // Storage is switched off or full: the page works without it, only a reload loses the drawing.
  }
}

/** @param {string} name */
export function kept(name) {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

/** Forgets everything, and what this page would still keep while it is left. */
export function forgetAll() {
  isForgotten = true;
  try {
    sessionStorage.clear();
  } catch {
    // What could not be kept need not be forgotten.
  }
}
