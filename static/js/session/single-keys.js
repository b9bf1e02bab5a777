/** Whether letters, digits and signs are shortcuts: who speaks to the computer may not want it. */

const NAME = "single-keys";

export function singleKeysWork() {
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true;
  }
}

/**
 * A checkbox that says so, and is remembered in this browser.
 *
 * @param {HTMLInputElement} checkbox
 */
export function bindSingleKeys(checkbox) {
  checkbox.checked = singleKeysWork();
  checkbox.addEventListener("change", () => {
    try {
      localStorage.setItem(NAME, checkbox.checked ? "on" : "off");
    } catch {
      // Storage is switched off: the keys stay as they are.
      checkbox.checked = true;
    }
  });
}
