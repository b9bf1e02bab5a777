/** The page of an upload of training data. */

import { UploadPage } from "../features/dataset/upload-page.js";
import { startHeader } from "../session/header.js";

new UploadPage(startHeader());
