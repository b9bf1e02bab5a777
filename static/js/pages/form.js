/** Pages with passwords. */

import { startFormCheck } from "../features/account/form-check.js";
import { startPasswordFields } from "../features/account/password-fields.js";
import { startHeader } from "../session/header.js";

startHeader();
startPasswordFields();
startFormCheck();
