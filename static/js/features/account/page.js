/** Pages with passwords: what was typed can be shown. */

import { startHeader } from "../../session/header.js";

startHeader();

for (const button of document.querySelectorAll("[data-shows]")) {
  const input = document.getElementById(button.dataset.shows);
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // Sent as a password again, so that browsers neither suggest nor remember it as a text.
  input.form.addEventListener("submit", () => show(false));

  function show(isShown) {
    input.type = isShown ? "text" : "password";
    button.textContent = isShown ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(isShown));
  }
}
