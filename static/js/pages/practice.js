/** The page Practice. */

import { PracticePage } from "../features/practice/page.js";
import { startHeader } from "../session/header.js";

new PracticePage(startHeader());
