/** What every page does: it shows the connection, and forgets a person who leaves. */

import { findAll } from "../widgets/element.js";
import { forgetBrowserStores } from "./browser-store.js";
import { forgetAll } from "./keep.js";
import { watchServer } from "./server-status.js";

export function startHeader() {
  // The next one at a shared computer finds neither a drawing nor what was to become of it.
  const forms = findAll(document, "form[data-forgets]", HTMLFormElement);
  for (const form of forms) {
    form.addEventListener("submit", () => {
      forgetAll();
      forgetBrowserStores();
    });
  }
  return watchServer();
}
