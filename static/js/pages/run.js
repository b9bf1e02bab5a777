/** The page of one training run. */

import { RunPage } from "../features/runs/run-page.js";
import { startHeader } from "../session/header.js";

new RunPage(startHeader());
