/** The page that makes digits: its parts. */

import { Maker } from "../../api/generate.js";
import { personName } from "../../session/person.js";
import { byId } from "../../widgets/element.js";
import { Epochs } from "./epochs.js";
import { FromPicture } from "./from-picture.js";
import { HandSheet } from "./hand-sheet.js";
import { MadeSheet } from "./made-sheet.js";
import { NewDigits } from "./new-digits.js";
import { OwnHand } from "./own-hand.js";
import { Plane } from "./plane.js";

export class GeneratePage {
  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const { makeUrl = "" } = byId("main", HTMLElement).dataset;
    const sheetAt = (/** @type {string} */ id) =>
      new MadeSheet(byId(id, HTMLElement), new Maker(makeUrl), connection);
    new NewDigits(sheetAt("new"));
    new FromPicture(sheetAt("made-from"), connection);
    if (personName() !== undefined) {
      const own = new OwnHand(sheetAt("made-own"));
      new HandSheet(connection, () => own.write());
      if (new URLSearchParams(location.search).get("style") === "mine") own.show();
    }
    new Plane(makeUrl, connection);
    new Epochs();
  }
}
