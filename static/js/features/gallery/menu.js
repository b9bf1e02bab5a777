/** A menu that a click outside and Escape close. */

import { find } from "../../widgets/element.js";

/** @param {HTMLDetailsElement} menu */
export function closeFromOutside(menu) {
  addEventListener("click", ({ target }) => {
    if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    find(menu, "summary", HTMLElement).focus();
  });
}
