/** What the page of a run shows, as long as it is the same page. */

import { say } from "../../text/catalogue.js";
import { el, findAll } from "../../widgets/element.js";
import { Curves } from "./curves.js";
import { Progress } from "./progress.js";

/** After this long, somebody would miss what was learned. */
const WORTH_ASKING_MS = 60_000;

export class RunView {
  #curves;
  #progress;
  #log;
  #startedAt = Infinity;

  /** @param {HTMLElement} main */
  constructor(main) {
    this.state = main.dataset.state;
    this.#curves = findAll(main, ".plot", HTMLElement).map((figure) => new Curves(figure));
    const progress = main.querySelector(".run-progress");
    this.#progress = progress instanceof HTMLElement ? new Progress(progress) : null;
    this.#log = main.querySelector(".run-log");
    main.querySelector("#cancel")?.addEventListener("submit", (event) => {
      const isYoung = Date.now() - this.#startedAt < WORTH_ASKING_MS;
      if (!isYoung && !confirm(say("run.cancelSure"))) event.preventDefault();
    });
  }

  /** @param {import("./run.js").Run} run */
  show(run) {
    this.#startedAt = run.started_at === null ? Infinity : Date.parse(run.started_at);
    this.#progress?.show(run);
    for (const curves of this.#curves) curves.show(run);
    this.#addToLog(run.log ?? []);
  }

  /** @param {import("../../api/error.js").ApiError | null} error */
  complain(error) {
    this.#progress?.complain(error);
  }

  /** @param {{ at: string, text: string }[]} log */
  #addToLog(log) {
    if (this.#log === null) return;
    for (const { at, text } of log.slice(this.#log.childElementCount)) {
      this.#log.append(el("li", {}, el("time", { datetime: at }, at.slice(11, 19)), " ", text));
    }
  }
}
