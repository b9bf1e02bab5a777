/** Forms that are sent without leaving the page: what was typed stays, and what is wrong is said beside it. */

import { Client, readJson } from "../../api/client.js";
import { ApiError, errorOf } from "../../api/error.js";
import { say } from "../../text/catalogue.js";
import { el, find, findAll } from "../../widgets/element.js";

export function startStayingForms() {
  for (const form of findAll(document, "form[data-stays]", HTMLFormElement)) {
    const inputs = findAll(form, ".field input", HTMLInputElement);
    for (const input of inputs) input.addEventListener("input", () => showFault(input, ""));
    const words = el("p", { class: "is-problem", role: "alert" });
    form.append(words);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = find(form, "button:not([type])", HTMLButtonElement);
      if (button.getAttribute("aria-disabled") === "true") return;
      button.setAttribute("aria-disabled", "true");
      words.textContent = "";
      try {
        await send(form, inputs);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        words.textContent = error.isAway ? say("form.notSent", { problem: error.message }) : error.message;
      } finally {
        button.removeAttribute("aria-disabled");
      }
    });
  }
}

/**
 * Goes on where the server says so, or shows what is wrong. Throws an ApiError.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLInputElement[]} inputs
 */
async function send(form, inputs) {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const request = { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields) };
  const { response, content } = await new Client().send(form.action, readJson, request);
  const { next, faults } = content ?? {};
  if (next !== undefined) {
    location.assign(next);
  } else if (faults !== undefined) {
    for (const input of inputs) showFault(input, faults[input.id] ?? "");
    inputs.find(({ id }) => faults[id])?.focus();
  } else {
    throw errorOf(response, content);
  }
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
