/** What every page does: it shows the connection, and forgets a person who leaves. */

import { forgetAll } from "./keep.js";
import { watchServer } from "./server-status.js";

export function startHeader() {
  // The next one at a shared computer finds neither a drawing nor what was to become of it.
  for (const form of document.querySelectorAll("form[data-forgets]")) form.addEventListener("submit", forgetAll);
  return watchServer();
}
