/** The page of a worksheet. */

import { WorksheetPage } from "../features/worksheets/worksheet-page.js";
import { startHeader } from "../session/header.js";

new WorksheetPage(startHeader());
