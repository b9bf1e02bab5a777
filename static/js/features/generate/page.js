/** The page that makes digits: its parts. */

import { personName } from "../../session/person.js";
import { byId } from "../../widgets/element.js";
import { Epochs } from "./epochs.js";
import { FromPicture } from "./from-picture.js";
import { HandSheet } from "./hand-sheet.js";
import { sheetAt } from "./made-sheet.js";
import { NewDigits } from "./new-digits.js";
import { OwnHand } from "./own-hand.js";
import { Plane } from "./plane.js";

export class GeneratePage {
  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const { makeUrl = "" } = byId("main", HTMLElement).dataset;
    new NewDigits(sheetAt("new", connection));
    new FromPicture(sheetAt("made-from", connection), connection);
    if (personName() !== undefined) {
      const own = new OwnHand(sheetAt("made-own", connection));
      new HandSheet(connection, () => own.write());
      if (new URLSearchParams(location.search).get("style") === "mine") own.show();
    }
    new Plane(makeUrl, connection);
    new Epochs();
  }
}
