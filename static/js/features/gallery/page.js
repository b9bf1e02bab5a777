/** The gallery: pictures can be labelled where they are. */

import { startHeader } from "../../session/header.js";
import { pageSender } from "../../api/send.js";
import { Labelling } from "./labelling.js";

startHeader();
closeMenuFromOutside();
const list = document.getElementById("tiles");
const strip = document.getElementById("strip");
if (list !== null && strip !== null) {
  new Labelling({ list, strip, modeButton: document.getElementById("label-mode"), sender: pageSender() });
}

function closeMenuFromOutside() {
  const menu = document.getElementById("downloads");
  if (menu === null) return;
  addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
