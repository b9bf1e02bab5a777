/** The course on paper: questions with room for answers, and the answers on a page of their own at the end. */

import { el, find, findAll } from "../../widgets/element.js";
import { printPage, whilePrinting } from "../../widgets/printing.js";

/**
 * @param {HTMLElement} course
 * @param {HTMLButtonElement} button
 */
export function startHandout(course, button) {
  const answers = find(course, ".handout-answers ol", HTMLOListElement);
  button.addEventListener("click", printPage);
  whilePrinting((isPrinting) => {
    answers.replaceChildren(...(isPrinting ? findAll(course, ".step", HTMLElement).map(answerOf) : []));
  });
}

/** @param {HTMLElement} step */
function answerOf(step) {
  const title = find(step, "h2", HTMLElement).lastChild?.textContent ?? "";
  const answer = find(step, ".answer-words", HTMLElement).cloneNode(true);
  return el("li", {}, el("h3", {}, title), answer);
}
