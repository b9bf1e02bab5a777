/** The page that explains how a model of other pictures came to its answer. */

import { PicturePage } from "../features/explain/picture-page.js";
import { acceptOnePicture } from "../pictures/one-picture.js";
import { startHeader } from "../session/header.js";

const page = new PicturePage(startHeader());
acceptOnePicture((picture) => page.take(picture));
