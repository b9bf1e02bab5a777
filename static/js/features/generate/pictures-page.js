/** The page that makes other pictures than digits: its parts. */

import { Maker } from "../../api/generate.js";
import { byId } from "../../widgets/element.js";
import { LikePicture } from "./like-picture.js";
import { MadeSheet } from "./made-sheet.js";
import { NewPictures } from "./new-pictures.js";

export class PicturesPage {
  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const { makeUrl = "" } = byId("main", HTMLElement).dataset;
    const sheetAt = (/** @type {string} */ id) =>
      new MadeSheet(byId(id, HTMLElement), new Maker(makeUrl), connection);
    new NewPictures(sheetAt("new"));
    // A generator without an encoder makes none like a given one.
    if (document.getElementById("from") !== null) new LikePicture(sheetAt("made-one"), sheetAt("made-like"));
  }
}
