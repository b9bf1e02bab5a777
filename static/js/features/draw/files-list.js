/** The list of many files: going through it by key and pointer, and saying what each shows. */

import { keep, kept } from "../../session/keep.js";
import { singleKeysWork } from "../../session/single-keys.js";
import { say } from "../../text/catalogue.js";
import { byId, find, findAll } from "../../widgets/element.js";
import { indexForKey } from "../../widgets/grid-keys.js";
import { labelForKey } from "../../widgets/label-keys.js";
import { FileCard, wordsOf } from "./file-card.js";
import { canBeLabelled } from "./files-keeping.js";

/** @typedef {import("../../pictures/file-queue.js").Entry} Entry */
/** @typedef {import("./files-keeping.js").Kept} Kept */

/** Where the tab keeps which one is chosen, as a place in the list. */
const CHOSEN = "digitnet.files.chosen";

export class FilesList {
  #root = byId("files", HTMLElement);
  #list = byId("files-list", HTMLElement);
  #strip = byId("files-strip", HTMLElement);
  #options;
  #chosenBefore = Number(kept(CHOSEN));
  /** @type {Entry[]} */
  #entries = [];
  /** @type {Map<Entry, FileCard>} */
  #cards = new Map();
  /** @type {Entry | null} */
  #chosen = null;

  /**
   * @param {object} options
   * @param {(entry: Entry) => void} options.onLabel
   * @param {(entry: Entry) => void} options.onOpen
   * @param {(entry: Entry) => void} options.onUndo
   * @param {(entry: Entry) => void} options.onLeaveOut
   * @param {(entry: Entry) => Kept | null} options.keptOf
   */
  constructor(options) {
    this.#options = options;
    this.#list.addEventListener("focusin", ({ target }) => this.#choose(this.#entryOf(target)));
    this.#list.addEventListener("click", ({ target }) => this.#choose(this.#entryOf(target)));
    this.#list.addEventListener("dblclick", () => this.#open());
    this.#strip.addEventListener("click", ({ target }) => this.#pressed(target));
    // Wherever the focus is: on a button above the list, or after a click on nothing.
    addEventListener("keydown", (event) => {
      if (!this.#root.hidden) this.#typed(event);
    });
  }

  /** @param {Entry[]} entries */
  add(entries) {
    for (const entry of entries) {
      const card = new FileCard(entry, this.#options.onUndo);
      this.#cards.set(entry, card);
      this.#list.append(card.element);
    }
    this.#entries.push(...entries);
    if (this.#chosen === null && this.#entries.length > 0) this.#choose(this.#entries[0]);
  }

  /**
   * An entry has changed.
   *
   * @param {Entry} entry
   */
  show(entry) {
    const card = this.#cards.get(entry);
    if (card === undefined) return;
    card.show(this.#options.keptOf(entry));
    if (entry === this.#chosen) this.#showChosen();
  }

  empty() {
    this.#entries = [];
    this.#cards.clear();
    this.#list.replaceChildren();
    this.#chosen = null;
  }

  focus() {
    if (this.#chosen !== null) this.#cards.get(this.#chosen)?.button.focus({ preventScroll: true });
  }

  /** Scrolls to the chosen one, where it is out of sight. */
  reveal() {
    if (this.#chosen !== null) this.#cards.get(this.#chosen)?.element.scrollIntoView({ block: "nearest" });
  }

  /** Chooses the one that was chosen before a reload. */
  chooseLast() {
    this.#choose(this.#entries[this.#chosenBefore] ?? null);
  }

  /** @param {EventTarget | null} target */
  #entryOf(target) {
    const found = [...this.#cards].find(([, { button }]) => target instanceof Node && button.contains(target));
    return found?.[0] ?? null;
  }

  /** @param {Entry | null} entry */
  #choose(entry) {
    if (entry === null) return;
    if (this.#chosen !== null) this.#cards.get(this.#chosen)?.choose(false);
    this.#chosen = entry;
    keep(CHOSEN, String(this.#entries.indexOf(entry)));
    this.#cards.get(entry)?.choose(true);
    this.#showChosen();
  }

  #showChosen() {
    const entry = this.#chosen;
    if (entry === null) return;
    const several = (entry.answer?.digits.length ?? 0) > 1;
    const about = say("files.chosen", { name: entry.name, words: wordsOf(entry).words });
    const more = several ? say("files.severalDigits") : "";
    find(this.#strip, ".strip-words", HTMLElement).textContent = [about, more].filter(Boolean).join(". ");
    for (const button of findAll(this.#strip, "[data-label]", HTMLElement)) {
      const { label } = button.dataset;
      const isOff = !canBeLabelled(entry) || (label === "right" && entry.answer?.digits.length !== 1);
      button.setAttribute("aria-disabled", String(isOff));
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(label === entry.label));
    }
  }

  #open() {
    if (this.#chosen !== null) this.#options.onOpen(this.#chosen);
  }

  /** Takes the chosen one off the list, unless it is kept: that is undone first. */
  #leaveOut() {
    const entry = this.#chosen;
    if (entry === null || entry.state === "reading" || this.#options.keptOf(entry) !== null) return;
    const index = this.#entries.indexOf(entry);
    this.#cards.get(entry)?.element.remove();
    this.#cards.delete(entry);
    this.#entries.splice(index, 1);
    this.#chosen = null;
    const next = this.#entries[Math.min(index, this.#entries.length - 1)] ?? null;
    this.#choose(next);
    this.focus();
    this.#options.onLeaveOut(entry);
  }

  /** @param {EventTarget | null} target */
  #pressed(target) {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button === null || this.#chosen === null) return;
    if (button.dataset.act === "open") this.#open();
    if (button.dataset.act === "leave-out") this.#leaveOut();
    const { label } = button.dataset;
    if (label !== undefined) this.#label(label === "right" ? this.#readOf(this.#chosen) : label);
  }

  /** @param {KeyboardEvent} event */
  #typed(event) {
    const entry = this.#chosen;
    if (entry === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const isHere = event.target instanceof Node && this.#root.contains(event.target);
    const columns = getComputedStyle(this.#list).gridTemplateColumns.split(" ").length;
    const index = isHere && indexForKey(event.key, this.#entries.indexOf(entry), this.#entries.length, columns);
    if (typeof index === "number") {
      event.preventDefault();
      this.#cards.get(this.#entries[index])?.button.focus();
      return;
    }
    if (event.repeat || event.key === "Enter" || !singleKeysWork()) return;
    if (event.key.toLowerCase() === "o") this.#open();
    if (event.key === "Delete") this.#leaveOut();
    const label = labelForKey(event, this.#readOf(entry));
    if (label === undefined) return;
    event.preventDefault();
    this.#label(label);
  }

  /** @param {Entry} entry */
  #readOf({ answer }) {
    return answer?.digits.length === 1 ? String(answer.digits[0].digit) : null;
  }

  /** @param {string | null} label */
  #label(label) {
    const entry = this.#chosen;
    if (entry === null || label === null || label === "null" || !canBeLabelled(entry)) return;
    entry.label = label === "" ? null : label;
    this.#options.onLabel(entry);
  }
}
