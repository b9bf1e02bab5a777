/** A stage of the way to the network's input, as a picture with its words. */

import { say } from "../../text/catalogue.js";
import { el } from "../../widgets/element.js";

/**
 * @param {string} image
 * @param {string} heading
 * @param {string} sentence
 */
export function stageOf(image, heading, sentence) {
  const alt = say("stages.alt", { heading, sentence });
  const picture = el("img", { class: "stage-picture", src: image, alt });
  const showPoints = () => picture.classList.toggle("is-small", picture.naturalWidth <= 56);
  picture.addEventListener("load", showPoints, { once: true });
  const frame = el("span", { class: "stage-frame" }, picture);
  return el("li", { class: "stage" }, frame, el("h3", {}, heading), el("p", {}, sentence));
}
