/** The page Draw. */

import { DrawPage } from "../features/draw/page.js";
import { startHeader } from "../session/header.js";

new DrawPage(startHeader());
