/** How far the reading of many files has come, in words and as a bar, and the button that stops it. */

import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";

export class FilesProgress {
  #words = byId("files-progress", HTMLElement);
  #bar = byId("files-bar", HTMLProgressElement);
  #status = byId("files-status", HTMLElement);
  #halt = byId("files-halt", HTMLButtonElement);

  /** @param {() => void} onHalt */
  constructor(onHalt) {
    this.#halt.addEventListener("click", onHalt);
  }

  /** @param {import("../../pictures/file-queue.js").FileQueue} queue */
  show({ entries, finished: done, rest }) {
    const count = entries.length;
    const failed = entries.filter(({ state }) => state === "failed").length;
    const finished =
      failed > 0 ? say("files.withFailed", { read: done - failed, count, failed }) : say("files.finished", { count });
    this.#bar.max = Math.max(1, count);
    this.#bar.value = done;
    this.#bar.hidden = rest === "done";
    const halted = rest === "done" ? finished : rest === null ? "" : say(`files.${rest}`, { done, count });
    this.#words.textContent = halted || say("files.progress", { done, count });
    this.#words.classList.toggle("is-problem", rest === "away" || rest === "busy");
    // Not every file is read out, but how it ends is.
    const spoken = count === 0 ? "" : halted;
    if (this.#status.textContent !== spoken) this.say(spoken);
    this.#halt.hidden = rest === "done";
    this.#halt.textContent = say(rest === null ? "files.stop" : "files.goOn");
  }

  /**
   * Says something that is read out.
   *
   * @param {string} words
   */
  say(words) {
    this.#status.textContent = words;
  }
}
