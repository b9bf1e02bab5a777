/** Pages with passwords. */

import { startPasswordFields } from "../features/account/password-fields.js";
import { startHeader } from "../session/header.js";

startHeader();
startPasswordFields();
