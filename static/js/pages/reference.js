/** The page that shows and tries the API. */

import { startReference } from "../features/reference/page.js";
import { startHeader } from "../session/header.js";

startHeader();
startReference();
