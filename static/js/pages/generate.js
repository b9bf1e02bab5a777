/** The page that makes digits. */

import { GeneratePage } from "../features/generate/page.js";
import { startHeader } from "../session/header.js";

new GeneratePage(startHeader());
