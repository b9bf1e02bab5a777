/** The page that explains. */

import { ExplainPage } from "../features/explain/page.js";
import { keepPicture } from "../pictures/keep-picture.js";
import { acceptOnePicture, sayOfCount } from "../pictures/one-picture.js";
import { startHeader } from "../session/header.js";

new ExplainPage(startHeader());
acceptOnePicture(async (picture, count) => {
  await keepPicture(picture, () => true);
  location.assign(`${location.pathname}?sent=${count}`);
});
sayOfCount(Number(new URLSearchParams(location.search).get("sent")));
