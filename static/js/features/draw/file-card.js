/** One of many files: its picture, what was read, and what became of it. */

import { say } from "../../text/catalogue.js";
import { labelInWords, lowerFirst } from "../../text/digits.js";
import { describe } from "../../widgets/answer-words.js";
import { el } from "../../widgets/element.js";

/** @typedef {import("../../pictures/file-queue.js").Entry} Entry */
/** @typedef {import("./files-keeping.js").Kept} Kept */

/** A longer number stands below the words, where it has room. */
const MOST_BESIDE = 3;

export class FileCard {
  #picture = el("span", { class: "file-picture" });
  #shown = el("span", { class: "file-shown", "aria-hidden": "true" });
  #words = el("span", { class: "file-words" });
  #note = el("span", { class: "file-note" });
  #undo;
  #entry;

  /**
   * @param {Entry} entry
   * @param {(entry: Entry) => void} onUndo
   */
  constructor(entry, onUndo) {
    this.#entry = entry;
    const name = el("bdi", { class: "file-name", title: entry.name }, entry.name);
    const text = el("span", { class: "file-text" }, name, this.#words);
    this.button = el("button", { type: "button", class: "file-button", tabindex: -1 });
    this.button.append(this.#picture, text, this.#shown);
    this.#undo = el("button", { type: "button", class: "text-button", click: () => onUndo(entry) }, say("files.undo"));
    const foot = el("p", { class: "file-foot" }, this.#note, this.#undo);
    this.element = el("li", { class: "file" }, this.button, foot);
    this.show(null);
  }

  /** @param {Kept | null} kept */
  show(kept) {
    const { state, label } = this.#entry;
    this.element.dataset.state = state;
    this.element.classList.toggle("is-corrected", label !== null);
    this.#showPicture();
    const { shown, words } = wordsOf(this.#entry);
    this.#shown.textContent = shown;
    this.#shown.classList.toggle("is-long", shown.length > MOST_BESIDE);
    this.#words.textContent = words;
    this.#note.textContent = noteOf(kept);
    this.#note.classList.toggle("is-problem", kept !== null && kept.problem !== null);
    this.#undo.hidden = !kept?.id || kept.isBusy;
    this.#undo.setAttribute("aria-label", say("files.undoNamed", { name: this.#entry.name }));
  }

  /** @param {boolean} isChosen */
  choose(isChosen) {
    this.element.classList.toggle("is-chosen", isChosen);
    this.button.tabIndex = isChosen ? 0 : -1;
    if (isChosen) this.button.setAttribute("aria-current", "true");
    else this.button.removeAttribute("aria-current");
  }

  #showPicture() {
    const { thumbnail, answer, state } = this.#entry;
    if (state !== "read") return;
    const seen = answer?.digits[0]?.normalised;
    const isEmpty = this.#picture.firstChild === null;
    if (thumbnail !== null) this.#picture.replaceChildren(thumbnail);
    else if (isEmpty && seen !== undefined) this.#picture.append(el("img", { src: seen, alt: "" }));
  }
}

/**
 * What is written large, and the words beside it.
 *
 * @param {Entry} entry
 * @returns {{ shown: string, words: string }}
 */
export function wordsOf({ state, answer, label, problem }) {
  if (state === "waiting") return { shown: "", words: say("files.waiting") };
  if (state === "reading") return { shown: "", words: say("files.reading") };
  if (state === "failed" || answer === null) return { shown: "", words: problem };
  const { shown, words, detail, warning } = describe(answer);
  if (label !== null) {
    const said = say("files.youSaid", { label: labelInWords(label) });
    const before = shown === "" || shown === label ? "" : say("files.wasRead", { shown });
    return { shown: label === "none" ? "–" : label, words: `${said} ${before}`.trim() };
  }
  const all = [words, lowerFirst(detail)].filter(Boolean).join(", ");
  return { shown, words: warning ? `${all}. ${warning}` : all };
}

/** @param {Kept | null} kept */
function noteOf(kept) {
  if (kept === null) return "";
  if (kept.isBusy) return say("files.saving");
  if (kept.problem !== null) return say("files.notKept", { problem: lowerFirst(kept.problem.message) });
  return kept.label === null ? say("keeping.kept") : say("keeping.keptAs", { label: labelInWords(kept.label) });
}
