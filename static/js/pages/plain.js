/** The script of pages that have nothing of their own to do. */

import { startHeader } from "../session/header.js";

startHeader();
