/** The gallery. */

import { startGallery } from "../features/gallery/page.js";
import { startHeader } from "../session/header.js";

startHeader();
startGallery();
