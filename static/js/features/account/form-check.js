/** Forms are checked before they are sent: the server gives no password back, so a refusal would empty the field. */

import { byId, el, findAll } from "../../widgets/element.js";
import { faultOf } from "./field-rules.js";

export function startFormCheck() {
  for (const form of findAll(document, "form.form", HTMLFormElement)) {
    const inputs = findAll(form, ".field input", HTMLInputElement).filter(hasRules);
    if (inputs.length === 0) continue;
    // The browser's own check names one fault at a time, and this one all of them.
    form.noValidate = true;
    for (const input of inputs) input.addEventListener("input", () => showFault(input, ""));
    form.addEventListener("submit", (event) => {
      for (const input of inputs) showFault(input, faultIn(input));
      const wrong = inputs.find((input) => input.ariaInvalid === "true");
      if (wrong === undefined) return;
      event.preventDefault();
      wrong.focus();
    });
  }
}

/** @param {HTMLInputElement} input */
function hasRules({ dataset }) {
  return Object.keys(dataset).some((name) => name.startsWith("rule"));
}

/** @param {HTMLInputElement} input */
function faultIn({ value, dataset }) {
  const other = dataset.ruleSameAs === undefined ? "" : byId(dataset.ruleSameAs, HTMLInputElement).value;
  return faultOf(value, dataset, other);
}

/**
 * @param {HTMLInputElement} input
 * @param {string} fault
 */
function showFault(input, fault) {
  const field = input.closest(".field");
  const id = `${input.id}-error`;
  field?.classList.toggle("is-wrong", fault !== "");
  field?.querySelector(".field-error")?.remove();
  const described = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((name) => name && name !== id);
  if (fault === "") {
    input.removeAttribute("aria-invalid");
  } else {
    input.setAttribute("aria-invalid", "true");
    field?.append(el("p", { class: "field-error", id }, fault));
    described.push(id);
  }
  input.setAttribute("aria-describedby", described.join(" "));
}
