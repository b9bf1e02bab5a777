/** The form of a model of other classes: it is sent from the page, so that what was chosen stays if it is refused. */

import { addressOf } from "../../api/address.js";
import { ApiError } from "../../api/error.js";
import { pageSender } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { byId, find } from "../../widgets/element.js";
import { formatBytes } from "../../widgets/numbers.js";

/** For an archive on a slow line; the server's own patience may be shorter. */
const PATIENCE_MS = 900_000;

export class PictureForm {
  #form;
  #sender = pageSender();
  #button;
  #problem = byId("pictures-problem", HTMLElement);
  #note = byId("pictures-note", HTMLElement);

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#button = find(form, ".button-main", HTMLButtonElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  async #send() {
    const { runUrl = "", most = "" } = this.#form.dataset;
    const file = find(this.#form, "[type='file']", HTMLInputElement).files?.[0];
    if (file === undefined) return this.#refuse(say("runs.noArchive"));
    if (file.size > Number(most)) {
      const sizes = { size: formatBytes(file.size), most: formatBytes(Number(most)) };
      return this.#refuse(say("runs.archiveTooLarge", sizes));
    }
    this.#refuse("");
    this.#note.textContent = say("runs.sending", { size: formatBytes(file.size) });
    this.#button.disabled = true;
    try {
      const run = await this.#sender.post(this.#form.action, new FormData(this.#form), { patience: PATIENCE_MS });
      location.assign(addressOf(runUrl, run.id));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#note.textContent = "";
      this.#button.disabled = false;
      this.#button.focus({ preventScroll: true });
      this.#refuse(error.message);
    }
  }

  /** @param {string} words why it is not sent; none, if nothing is wrong */
  #refuse(words) {
    this.#problem.textContent = words;
    this.#problem.hidden = words === "";
    if (words !== "") this.#problem.scrollIntoView({ block: "nearest" });
  }
}
