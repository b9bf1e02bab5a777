/** The monitor of streams. */

import { StreamsPage } from "../features/streams/page.js";
import { startHeader } from "../session/header.js";

new StreamsPage(startHeader());
