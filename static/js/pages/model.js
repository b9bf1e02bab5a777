/** The page of a model of other pictures than digits. */

import { ModelPage } from "../features/models/page.js";
import { startHeader } from "../session/header.js";

new ModelPage(startHeader());
