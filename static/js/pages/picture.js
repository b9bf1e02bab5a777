/** One picture's page. */

import { showLocalTimes } from "../features/picture/times.js";
import { startHeader } from "../session/header.js";

startHeader();
showLocalTimes();
