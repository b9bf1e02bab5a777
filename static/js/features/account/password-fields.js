/** Passwords that were typed can be shown. */

import { say } from "../../text/catalogue.js";
import { byId, findAll } from "../../widgets/element.js";

export function startPasswordFields() {
  for (const button of findAll(document, "[data-shows]", HTMLButtonElement)) {
    const input = byId(button.dataset.shows ?? "", HTMLInputElement);
    const show = (/** @type {boolean} */ isShown) => {
      input.type = isShown ? "text" : "password";
      button.textContent = say(isShown ? "password.hide" : "password.show");
      button.setAttribute("aria-pressed", String(isShown));
    };
    button.hidden = false;
    button.addEventListener("click", () => show(input.type === "password"));
    // Sent as a password again, so that browsers neither suggest nor remember it as a text.
    input.form?.addEventListener("submit", () => show(false));
  }
}
