/** The gallery. */

import { startGallery } from "../features/gallery/page.js";
import { handOver } from "../pictures/handover.js";
import { sayOfBrought } from "../pictures/one-picture.js";
import { acceptPictures } from "../pictures/picture-input.js";
import { startHeader } from "../session/header.js";
import { say } from "../text/catalogue.js";
import { byId } from "../widgets/element.js";

startHeader();
startGallery();
acceptPictures(async (brought) => {
  try {
    await handOver(brought);
    location.assign(`${byId("main", HTMLElement).dataset.drawUrl}?brought=1`);
  } catch {
    sayOfBrought(say("brought.notHanded"));
  }
});
