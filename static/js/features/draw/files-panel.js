/** Many files: read one after the other, listed with their answers, corrected, copied and kept. */

import { Client } from "../../api/client.js";
import { pause } from "../../api/pause.js";
import { readPicture } from "../../api/predict.js";
import { toCsv, toText } from "../../pictures/answers.js";
import { MOST_FILES } from "../../pictures/dropped.js";
import { FileQueue } from "../../pictures/file-queue.js";
import { HeldFiles } from "../../pictures/held-files.js";
import { preparePicture } from "../../pictures/prepare-picture.js";
import { thumbnailOf } from "../../pictures/thumbnail.js";
import { keep, kept } from "../../session/keep.js";
import { personName } from "../../session/person.js";
import { LIST_IS_SHOWN } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { copyText, offerFile } from "../../widgets/copy.js";
import { byId } from "../../widgets/element.js";
import { FilesKeeper } from "./files-keeper.js";
import { FilesList } from "./files-list.js";
import { FilesProgress } from "./files-progress.js";
import { wordsOfCopied, wordsOfLeftOut, wordsOfOpened } from "./files-words.js";

/** @typedef {import("../../pictures/file-queue.js").Entry} Entry */
/** @typedef {import("../../pictures/dropped.js").Brought} Brought */

export class FilesPanel {
  #root = byId("files", HTMLElement);
  #return = byId("files-return", HTMLElement);
  #opened = byId("files-opened", HTMLElement);
  #leftOut = byId("files-left-out", HTMLElement);
  #heldWords = byId("files-held", HTMLElement);
  #progress = new FilesProgress(() => {
    if (this.#queue.rest === null) this.#queue.stop();
    else this.#queue.resume();
  });
  #onReturn;
  #held;
  #list;
  #queue;
  /** Only for a person who is logged in. */
  #keeper;

  /**
   * `onOpen(file)` shows one file by itself, `onReturn()` the list again, `onEmpty()` the paper.
   *
   * @param {object} page
   * @param {string} page.predictUrl
   * @param {import("../../session/connection.js").Connection} page.connection
   * @param {(file: File) => void} page.onOpen
   * @param {() => void} page.onReturn
   * @param {() => void} page.onEmpty
   */
  constructor({ predictUrl, connection, onOpen, onReturn, onEmpty }) {
    const client = new Client();
    this.#queue = new FileQueue({
      read: async (file, signal) => {
        const { blob } = await preparePicture(file);
        const answer = await readPicture(client, predictUrl, blob, signal);
        connection.reportAnswer();
        return { answer, thumbnail: await thumbnailOf(blob) };
      },
      pause,
      onEntry: (entry) => this.#changed(entry),
      onRest: (rest) => {
        if (rest === "away") connection.reportSilence();
        this.#showRest();
      },
    });
    this.#list = new FilesList({
      onLabel: (entry) => this.#changed(entry),
      onOpen: (entry) => {
        onOpen(entry.file);
        this.#opened.textContent = wordsOfOpened(entry, this.#keeper?.of(entry) ?? null);
      },
      onLeaveOut: (entry) => {
        this.#queue.remove(entry);
        this.#held.release([entry]);
        this.#showRest();
        this.#progress.say(say("files.leaveOut", { name: entry.name }));
      },
      onUndo: (entry) => this.#keeper?.takeBack(entry),
      keptOf: (entry) => this.#keeper?.of(entry) ?? null,
    });
    this.#keeper =
      personName() === undefined
        ? null
        : new FilesKeeper({ predictUrl, connection, onChange: (entry) => this.#changed(entry) });
    this.#keeper?.onKeep(() => this.#queue.entries);
    this.#held = new HeldFiles({
      owner: personName() ?? null,
      stateOf: (entry) => this.#stateOf(entry),
      onChange: () => this.#showHeld(),
    });
    connection.subscribe((state) => {
      if (state === "up" && this.#queue.rest === "away") this.#queue.resume();
    });
    this.#onReturn = onReturn;
    this.#return.addEventListener("click", onReturn);
    byId("files-empty", HTMLElement).addEventListener("click", () => {
      if (this.#hasUnkeptLabels && !confirm(say("files.emptySure"))) return;
      this.#empty();
      onEmpty();
    });
    addEventListener("beforeunload", (event) => {
      if (this.#wouldBeLost) event.preventDefault();
    });
    byId("files-copy", HTMLElement).addEventListener("click", () => this.#copy());
    byId("files-table", HTMLElement).addEventListener("click", () => {
      offerFile(say("files.table"), new Blob([toCsv(this.#queue.entries)], { type: "text/csv" }));
    });
  }

  /** Whether somebody who closes the page now would have to do again what they did. */
  get #wouldBeLost() {
    return this.#hasUnkeptLabels || (this.count > 0 && !this.#held.isComplete);
  }

  get #hasUnkeptLabels() {
    return this.#queue.entries.some((entry) => entry.label !== null && !this.#keeper?.of(entry)?.id);
  }

  get count() {
    return this.#queue.entries.length;
  }

  /**
   * Appends what was brought, and says what is left out.
   *
   * @param {Brought} brought
   */
  add({ files, hidden, unreadable, beyond }) {
    const taken = files.slice(0, MOST_FILES - this.count);
    const left = { hidden, unreadable, beyond: beyond + files.length - taken.length };
    this.#leftOut.textContent = wordsOfLeftOut(left);
    const before = this.count;
    for (const entry of this.#append(taken)) this.#held.hold(entry);
    if (before === 0) this.#list.focus();
  }

  /**
   * Brings back the list that a reload, or a visit of another page, has interrupted; where it was what was shown,
   * it is shown again if it is `isWanted()` by then.
   *
   * @param {() => boolean} isWanted
   */
  async restore(isWanted) {
    const wasShown = kept(LIST_IS_SHOWN) !== "";
    const held = await this.#held.open();
    if (held.length === 0) return;
    const entries = this.#append(held.map(({ name, file, state: { kept: _, ...rest } }) => ({ name, file, ...rest })));
    this.#held.adopt(entries, held);
    for (const [i, entry] of entries.entries()) {
      if (held[i].state.kept) this.#keeper?.know(entry, held[i].state.kept);
    }
    this.#list.chooseLast();
    if (wasShown && isWanted()) this.#onReturn();
    else this.show(!this.#root.hidden);
    await this.#showThumbnails(entries.filter(({ state }) => state === "read"));
  }

  /** @param {Entry[]} entries */
  async #showThumbnails(entries) {
    for (const entry of entries) {
      entry.thumbnail = await thumbnailOf(entry.file);
      this.#list.show(entry);
    }
  }

  /** @param {import("../../pictures/file-queue.js").Named[]} files */
  #append(files) {
    const before = this.count;
    this.#queue.add(files);
    const added = this.#queue.entries.slice(before);
    this.#list.add(added);
    return added;
  }

  #empty() {
    this.#held.release(this.#queue.entries);
    this.#queue.empty();
    this.#list.empty();
    this.#leftOut.textContent = "";
    this.#showRest();
  }

  /**
   * What is known of an entry, beside its file. What is being read is read again.
   *
   * @param {Entry} entry
   */
  #stateOf(entry) {
    const { state, answer, problem, label, source } = entry;
    const { id = null, label: keptLabel, before } = this.#keeper?.of(entry) ?? {};
    const shown = state === "reading" ? "waiting" : state;
    const stored = id === null ? null : { id, label: keptLabel, before };
    return { state: shown, answer, problem, label, source, kept: stored };
  }

  #showHeld() {
    const { missing } = this.#held;
    const words = say(missing === 0 ? "files.held" : "files.notHeld", { count: missing });
    // Set only when it changes, since it is read out.
    if (this.#heldWords.textContent !== words) this.#heldWords.textContent = words;
    this.#heldWords.classList.toggle("is-problem", missing > 0);
  }

  /** @param {boolean} isShown */
  show(isShown) {
    const isOpening = isShown && this.#root.hidden;
    keep(LIST_IS_SHOWN, isShown ? "1" : "");
    this.#root.hidden = !isShown;
    this.#return.hidden = isShown || this.count === 0;
    this.#return.textContent = say("files.list", { count: this.count });
    this.#opened.textContent = "";
    if (!isOpening) return;
    scrollTo(0, 0);
    this.#list.focus();
    this.#list.reveal();
  }

  /** @param {Entry} entry */
  #changed(entry) {
    this.#list.show(entry);
    if (entry.state !== "reading") this.#held.hold(entry);
    this.#showRest();
  }

  #showRest() {
    this.#progress.show(this.#queue);
    this.#keeper?.show(this.#queue.entries);
  }

  async #copy() {
    const { entries } = this.#queue;
    const isDone = await copyText(toText(entries));
    const words = isDone ? wordsOfCopied(entries) : say("files.notCopied");
    this.#progress.say(words);
    this.#leftOut.textContent = words;
  }
}

