/** The page Live. */

import { LivePage } from "../features/live/page.js";
import { startHeader } from "../session/header.js";

new LivePage(startHeader());
