/** The gallery: pictures can be labelled where they are. */

import { pageSender } from "../../session/person.js";
import { byId } from "../../widgets/element.js";
import { Labelling } from "./labelling.js";
import { closeFromOutside } from "./menu.js";

export function startGallery() {
  const menu = document.getElementById("downloads");
  if (menu instanceof HTMLDetailsElement) closeFromOutside(menu);
  const [list, strip] = [document.getElementById("tiles"), document.getElementById("strip")];
  if (list === null || strip === null) return;
  new Labelling({ list, strip, modeButton: byId("label-mode", HTMLElement), sender: pageSender() });
}
