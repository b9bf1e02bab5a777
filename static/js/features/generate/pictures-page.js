/** The page that makes other pictures than digits: its parts. */

import { LikePicture } from "./like-picture.js";
import { sheetAt } from "./made-sheet.js";
import { NewPictures } from "./new-pictures.js";

export class PicturesPage {
  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    new NewPictures(sheetAt("new", connection));
    // A generator without an encoder makes none like a given one.
    if (document.getElementById("from") !== null)
      new LikePicture(sheetAt("made-one", connection), sheetAt("made-like", connection));
  }
}
