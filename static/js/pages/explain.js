/** The page that explains. */

import { ExplainPage } from "../features/explain/page.js";
import { keepInSight } from "../features/explain/paper-in-sight.js";
import { keepPicture } from "../pictures/keep-picture.js";
import { acceptOnePicture, sayOfCount } from "../pictures/one-picture.js";
import { startHeader } from "../session/header.js";
import { find } from "../widgets/element.js";

new ExplainPage(startHeader());
keepInSight(find(document, ".opening", HTMLElement), find(document, ".beginning", HTMLElement));
acceptOnePicture(async (picture, count) => {
  await keepPicture(picture, () => true);
  location.assign(`${location.pathname}?sent=${count}`);
});
sayOfCount(Number(new URLSearchParams(location.search).get("sent")));
