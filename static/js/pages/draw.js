/** The page Draw. */

import { DrawPage } from "../features/draw/page.js";
import { takeOver } from "../pictures/handover.js";
import { startHeader } from "../session/header.js";
import { bindSingleKeys } from "../session/single-keys.js";
import { byId } from "../widgets/element.js";

bindSingleKeys(byId("single-keys", HTMLInputElement));
const page = new DrawPage(startHeader());
if (new URLSearchParams(location.search).has("brought")) {
  history.replaceState(null, "", location.pathname);
  const brought = await takeOver();
  if (brought !== null) page.take(brought);
}
