/** The page on which doubtful answers of a worksheet are looked at. */

import { AnswerReviewPage } from "../features/worksheets/review-page.js";
import { startHeader } from "../session/header.js";
import { bindSingleKeys } from "../session/single-keys.js";
import { byId } from "../widgets/element.js";

bindSingleKeys(byId("single-keys", HTMLInputElement));
new AnswerReviewPage(startHeader());
