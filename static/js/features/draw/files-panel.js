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
import { say } from "../../text/catalogue.js";
import { copyText, offerFile } from "../../widgets/copy.js";
import { byId } from "../../widgets/element.js";
import { FilesKeeper } from "./files-keeper.js";
import { FilesList } from "./files-list.js";
import { wordsOfCopied, wordsOfLeftOut } from "./files-words.js";

/** @typedef {import("../../pictures/file-queue.js").Entry} Entry */
/** @typedef {import("../../pictures/dropped.js").Brought} Brought */

/** Where the tab keeps whether the list was what was shown. */
const IS_SHOWN = "digitnet.files.shown";

export class FilesPanel {
  #root = byId("files", HTMLElement);
  #return = byId("files-return", HTMLElement);
  #progress = byId("files-progress", HTMLElement);
  #bar = byId("files-bar", HTMLProgressElement);
  #status = byId("files-status", HTMLElement);
  #leftOut = byId("files-left-out", HTMLElement);
  #heldWords = byId("files-held", HTMLElement);
  #halt = byId("files-halt", HTMLButtonElement);
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
      onOpen: ({ file }) => onOpen(file),
      onLeaveOut: (entry) => {
        this.#queue.remove(entry);
        this.#held.release([entry]);
        this.#showRest();
        this.#status.textContent = say("files.leaveOut", { name: entry.name });
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
    this.#halt.addEventListener("click", () => {
      if (this.#queue.rest === null) this.#queue.stop();
      else this.#queue.resume();
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
    const wasShown = kept(IS_SHOWN) !== "";
    const held = await this.#held.open();
    if (held.length === 0) return;
    const entries = this.#append(held.map(({ name, file, state: { kept: _, ...rest } }) => ({ name, file, ...rest })));
    this.#held.adopt(entries, held);
    for (const [i, entry] of entries.entries()) {
      if (held[i].state.kept) this.#keeper?.know(entry, held[i].state.kept);
    }
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
    const { state, answer, problem, label } = entry;
    const { id = null, label: keptLabel, before } = this.#keeper?.of(entry) ?? {};
    const shown = state === "reading" ? "waiting" : state;
    return { state: shown, answer, problem, label, kept: id === null ? null : { id, label: keptLabel, before } };
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
    keep(IS_SHOWN, isShown ? "1" : "");
    this.#root.hidden = !isShown;
    this.#return.hidden = isShown || this.count === 0;
    this.#return.textContent = say("files.list", { count: this.count });
    if (isShown) this.#list.focus();
  }

  /** @param {Entry} entry */
  #changed(entry) {
    this.#list.show(entry);
    if (entry.state !== "reading") this.#held.hold(entry);
    this.#showRest();
  }

  #showRest() {
    const { entries, finished: done, rest } = this.#queue;
    const count = entries.length;
    const failed = entries.filter(({ state }) => state === "failed").length;
    const finished =
      failed > 0 ? say("files.withFailed", { read: done - failed, count, failed }) : say("files.finished", { count });
    this.#bar.max = Math.max(1, count);
    this.#bar.value = done;
    this.#bar.hidden = rest === "done";
    const halted = rest === "done" ? finished : rest === null ? "" : say(`files.${rest}`, { done, count });
    this.#progress.textContent = halted || say("files.progress", { done, count });
    this.#progress.classList.toggle("is-problem", rest === "away" || rest === "busy");
    // Not every file is read out, but how it ends is.
    if (this.#status.textContent !== halted) this.#status.textContent = halted;
    this.#halt.hidden = rest === "done";
    this.#halt.textContent = say(rest === null ? "files.stop" : "files.goOn");
    this.#keeper?.show(entries);
  }

  async #copy() {
    const { entries } = this.#queue;
    const isDone = await copyText(toText(entries));
    this.#status.textContent = isDone ? wordsOfCopied(entries) : say("files.notCopied");
    this.#leftOut.textContent = this.#status.textContent;
  }
}

