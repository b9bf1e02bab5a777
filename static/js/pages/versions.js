/** The page of all versions of the data set. */

import { FreezeForm } from "../features/dataset/freeze-form.js";
import { startHeader } from "../session/header.js";

const connection = startHeader();
if (document.getElementById("freeze-form") !== null) new FreezeForm(connection);
