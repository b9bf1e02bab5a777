/** The page of all training runs. */

import { RunsPage } from "../features/runs/list-page.js";
import { startHeader } from "../session/header.js";

new RunsPage(startHeader());
