/** The page of a wall. */

import { WallPage } from "../features/walls/page.js";
import { startHeader } from "../session/header.js";

new WallPage(startHeader());
