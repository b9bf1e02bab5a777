/** Pages with passwords, and with what is to be copied. */

import { startCopyButtons } from "../features/account/copy-buttons.js";
import { startStayingForms } from "../features/account/staying-forms.js";
import { startPasswordFields } from "../features/account/password-fields.js";
import { startHeader } from "../session/header.js";

startHeader();
startPasswordFields();
startStayingForms();
startCopyButtons();
