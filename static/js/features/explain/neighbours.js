/** What it resembles: the pictures from the training that the network finds most alike. */

import { formatNumber } from "../../widgets/numbers.js";
import { withArticle } from "../../widgets/answer-words.js";
import { el } from "../../widgets/element.js";

export class NeighboursView {
  #section = document.getElementById("resembles");
  #nearest = document.getElementById("nearest");
  #other = document.getElementById("nearest-other");

  show({ answer: { neighbours } }) {
    this.#section.hidden = !neighbours;
    if (!neighbours) return;
    this.#nearest.replaceChildren(...neighbours.nearest.map(cardOf));
    this.#other.replaceChildren(...neighbours.other.map(cardOf));
  }
}

function cardOf({ label, image, distance }) {
  const away = formatNumber(distance, 3);
  return el(
    "li",
    { class: "neighbour" },
    el("img", { src: image, width: 28, height: 28, alt: `${withArticle(label)} from the training, distance ${away}` }),
    el("span", { class: "neighbour-label" }, String(label)),
    el("span", { class: "neighbour-distance" }, away),
  );
}
