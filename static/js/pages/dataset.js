/** The page Collect. */

import { CollectPage } from "../features/dataset/collect-page.js";
import { startHeader } from "../session/header.js";

new CollectPage(startHeader());
