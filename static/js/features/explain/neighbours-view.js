/** What it resembles: the pictures from the training that the network finds most alike. */

import { say } from "../../text/catalogue.js";
import { withArticle } from "../../text/digits.js";
import { byId, el } from "../../widgets/element.js";
import { formatNumber } from "../../widgets/numbers.js";

export class NeighboursView {
  #section = byId("resembles", HTMLElement);
  #nearest = byId("nearest", HTMLElement);
  #other = byId("nearest-other", HTMLElement);

  /** @param {import("./explained.js").Explained} explained */
  show({ answer: { neighbours } }) {
    this.#section.hidden = !neighbours;
    if (!neighbours) return;
    this.#nearest.replaceChildren(...neighbours.nearest.map(cardOf));
    this.#other.replaceChildren(...neighbours.other.map(cardOf));
  }
}

/** @param {import("../../api/explain.js").Neighbour} neighbour */
function cardOf({ label, image, distance: away }) {
  const distance = formatNumber(away, 3);
  const alt = say("neighbour.alt", { digit: withArticle(label), distance });
  return el(
    "li",
    { class: "neighbour" },
    el("img", { src: image, width: 28, height: 28, alt }),
    el("span", { class: "neighbour-label" }, String(label)),
    el("span", { class: "neighbour-distance" }, distance),
  );
}
