/** The picture that is reviewed, and what is said of it. */

import { say } from "../../text/catalogue.js";
import { labelInWords } from "../../text/digits.js";
import { byId, el, find, findAll } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";
import { labelToConfirm } from "./reviewing.js";
import { describeAll, describeLabel, describeNetwork, describeReasons } from "./words.js";

/** @typedef {import("./reviewing.js").Picture} Picture */
/** @typedef {import("./reviewing.js").Reviewing} Reviewing */

export class ReviewView {
  #main = byId("main", HTMLElement);
  #stage = byId("stage", HTMLElement);
  #spoken = byId("spoken", HTMLElement);
  #note = byId("note", HTMLElement);
  #trouble = byId("trouble", HTMLElement);
  #files;
  /** @type {string | null} The picture that is shown. */
  #shown = null;

  /** @param {Map<string, string>} files addresses of the pictures that were fetched, by id */
  constructor(files) {
    this.#files = files;
  }

  /** @param {Reviewing} reviewing */
  show(reviewing) {
    const { state, current } = reviewing;
    this.#main.dataset.state = state;
    if (current !== null && current.id !== this.#shown) this.#showPicture(current);
    if (current === null && this.#shown !== null) this.#shown = null;
    for (const button of findAll(document, "[data-answer]", HTMLButtonElement)) {
      button.disabled = button.dataset.answer === "undo" ? !reviewing.canUndo : current === null;
    }
    if (state !== "picture") this.#showWithout(reviewing);
  }

  /** @param {string} words */
  showProgress(words) {
    byId("progress", HTMLElement).textContent = words;
  }

  /**
   * What has happened to an answer, with a link to its picture if there is one.
   *
   * @param {string} words
   * @param {string} [address]
   */
  note(words, address) {
    const link = address === undefined ? [] : [" ", el("a", { href: address }, say("review.open"))];
    this.#note.replaceChildren(words, ...link);
  }

  /** @param {string} words of what keeps the answers from being sent; "" for nothing */
  showTrouble(words) {
    if (this.#trouble.textContent !== words) this.#trouble.textContent = words;
  }

  /** Puts the focus where no button is pressed by Space or Enter. */
  focus() {
    this.#stage.focus({ preventScroll: true });
  }

  /** @param {Picture} picture */
  #showPicture(picture) {
    this.#shown = picture.id;
    const file = this.#files.get(picture.id);
    showImage(byId("original", HTMLElement), file ?? null, say("review.original"));
    byId("not-loaded", HTMLElement).textContent = file === undefined ? say("review.notLoaded") : "";
    showImage(byId("seen", HTMLElement), picture.normalised, say("review.seen"));
    const { twin, label, writer } = picture;
    const twinWords = twin === null ? "" : say("review.twin", { label: labelInWords(twin.label) });
    showImage(byId("twin", HTMLElement), twin?.normalised ?? null, twinWords);
    find(byId("twin", HTMLElement), "figcaption", HTMLElement).textContent = twinWords;
    byId("label", HTMLElement).textContent = describeLabel(picture);
    byId("network", HTMLElement).textContent = describeNetwork(picture);
    byId("why", HTMLElement).textContent = describeReasons(picture);
    byId("writer", HTMLElement).textContent = writer === null ? "" : say("review.writer", { writer });
    this.#spoken.textContent = describeAll(picture);
    const yes = labelInWords(labelToConfirm(picture));
    byId("confirm-words", HTMLElement).textContent = say("review.confirm", { label: yes });
    for (const button of findAll(document, "[data-label]", HTMLElement)) {
      button.setAttribute("aria-pressed", String(button.dataset.label === label));
    }
  }

  /** @param {Reviewing} reviewing */
  #showWithout({ state, problem, elsewhere }) {
    const count = { count: elsewhere, shown: formatCount(elsewhere) };
    let [title, detail] = [say("review.waiting"), ""];
    if (state === "problem") {
      title = problem?.message ?? "";
      if (problem?.isAway) title = say("review.goesOn", { problem: title });
    } else if (state === "end") {
      title = elsewhere > 0 ? say("review.elsewhere", count) : say("review.end");
      detail = elsewhere > 0 ? say("review.elsewhereDetail") : say("review.endDetail");
    }
    byId("empty-title", HTMLElement).textContent = title;
    byId("empty-detail", HTMLElement).textContent = detail;
    this.#spoken.textContent = title;
  }
}

/**
 * Shows a figure with an image, or hides it where there is none.
 *
 * @param {HTMLElement} figure
 * @param {string | null} address
 * @param {string} words
 */
function showImage(figure, address, words) {
  figure.hidden = address === null;
  if (address === null) return;
  const image = find(figure, "img", HTMLImageElement);
  image.src = address;
  image.alt = words;
}
