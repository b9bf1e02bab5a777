/** How a round went, after its last question. */

import { say } from "../../text/catalogue.js";
import { byId, el } from "../../widgets/element.js";
import { solutionOf } from "./words.js";

export class SummaryView {
  #main = byId("main", HTMLElement);
  #title = byId("summary-title", HTMLElement);

  /** @param {import("./round.js").Round} round */
  show(round) {
    const { atOnce, later, still } = round.outcome;
    this.#main.dataset.state = "over";
    delete this.#main.dataset.mark;
    this.#title.textContent = say(atOnce.length === round.count ? "practice.allAtOnce" : "practice.done");
    byId("summary-words", HTMLElement).textContent = say("practice.goneThrough", { count: round.count });
    const counts = { "at-once": atOnce.length, later: later.length, still: still.length, best: round.best };
    for (const [id, count] of Object.entries(counts)) byId(id, HTMLElement).textContent = String(count);
    const again = [...still, ...later];
    byId("repeat", HTMLElement).hidden = again.length === 0;
    byId("these-again", HTMLButtonElement).hidden = again.length === 0;
    byId("more", HTMLButtonElement).classList.toggle("button-main", again.length === 0);
    byId("repeat-list", HTMLElement).replaceChildren(...again.map((question) => el("li", {}, solutionOf(question))));
    this.#title.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}
