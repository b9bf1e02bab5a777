/** The page that explains. */

import { ExplainPage } from "../features/explain/page.js";
import { startHeader } from "../session/header.js";

new ExplainPage(startHeader());
