/** Pages with passwords, and with what is to be copied. */

import { startCopyButtons } from "../features/account/copy-buttons.js";
import { startFormCheck } from "../features/account/form-check.js";
import { startPasswordFields } from "../features/account/password-fields.js";
import { startHeader } from "../session/header.js";

startHeader();
startPasswordFields();
startFormCheck();
startCopyButtons();
