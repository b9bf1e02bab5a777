/** What was chosen, in words and numbers, before it is sent. */

import { say } from "../../text/catalogue.js";
import { byId, el } from "../../widgets/element.js";
import { formatBytes, formatCount } from "../../widgets/numbers.js";
import { classCount } from "./class-count.js";

/** @typedef {import("./chosen.js").Chosen} Chosen */
/** @typedef {{ unreadable: number, beyond: number, most: number }} Missing */

export class ChosenView {
  #root = byId("chosen", HTMLElement);
  #title = byId("chosen-title", HTMLElement);
  #classes = byId("chosen-classes", HTMLElement);
  #notes = byId("chosen-notes", HTMLElement);

  /**
   * @param {Chosen} chosen
   * @param {Missing} missing
   */
  show(chosen, missing) {
    const { count, bytes, classes } = chosen;
    this.#root.hidden = false;
    this.#title.textContent = say("collect.chosen", { count, shown: formatCount(count), size: formatBytes(bytes) });
    const named = [...classes].map(([name, of]) => classCount(name, of));
    this.#classes.hidden = named.length === 0;
    this.#classes.replaceChildren(...named);
    this.#notes.replaceChildren(...notesOf(chosen, missing).map((words) => el("p", {}, words)));
    this.#title.focus();
  }

  hide() {
    this.#root.hidden = true;
  }
}

/**
 * What is to be known of the rest.
 *
 * @param {Chosen} chosen
 * @param {Missing} missing
 */
function notesOf({ unlabelled, packed, tables }, { unreadable, beyond, most }) {
  const notes = [];
  const said = (/** @type {number} */ count) => ({ count, shown: formatCount(count) });
  if (unlabelled > 0) notes.push(tables > 0 ? say("collect.byTable") : say("collect.unlabelled", said(unlabelled)));
  if (packed > 0) notes.push(say("collect.packed", said(packed)));
  if (unreadable > 0) notes.push(say("collect.notOpened", said(unreadable)));
  if (beyond > 0) notes.push(say("collect.beyond", { shown: formatCount(beyond), most: formatCount(most) }));
  return notes;
}
