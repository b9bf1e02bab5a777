/** The page Review. */

import { ReviewPage } from "../features/review/page.js";
import { startHeader } from "../session/header.js";
import { bindSingleKeys } from "../session/single-keys.js";
import { byId } from "../widgets/element.js";

bindSingleKeys(byId("single-keys", HTMLInputElement));
new ReviewPage(startHeader());
