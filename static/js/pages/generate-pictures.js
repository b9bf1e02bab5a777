/** The page of a generator of other pictures than digits. */

import { PicturesPage } from "../features/generate/pictures-page.js";
import { startHeader } from "../session/header.js";

new PicturesPage(startHeader());
