/** What every page does: it shows the connection, and forgets a person who leaves. */

import { findAll } from "../widgets/element.js";
import { forgetBrowserStores } from "./browser-store.js";
import { runErrands } from "./errands.js";
import { forgetAll } from "./keep.js";
import { watchServer } from "./server-status.js";

/** Whether a log-out waits for what is still being sent. */
let isWaiting = false;

export function startHeader() {
  // The next one at a shared computer finds neither a drawing nor what was to become of it.
  const forms = findAll(document, "form[data-forgets]", HTMLFormElement);
  for (const form of forms) {
    form.addEventListener("submit", (event) => leave(form, event));
  }
  return watchServer();
}

/**
 * Once they are logged out, nothing can be sent in their name.
 *
 * @param {HTMLFormElement} form
 * @param {Event} event
 */
async function leave(form, event) {
  if (isWaiting) {
    event.preventDefault();
    return;
  }
  const errands = runErrands();
  if (errands !== null) {
    event.preventDefault();
    isWaiting = true;
    await errands;
    isWaiting = false;
  }
  forgetAll();
  forgetBrowserStores();
  if (errands !== null) form.submit();
}
