/** Keeps a text for as long as the tab lives, over a reload too. */

/**
 * @param {string} name
 * @param {string} text
 */
export function keep(name, text) {
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

export function forgetAll() {
  try {
    sessionStorage.clear();
  } catch {
    // What could not be kept need not be forgotten.
  }
}
