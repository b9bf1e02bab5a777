/** Many files: read one after the other, listed with their answers, corrected, copied and kept. */

import { Client } from "../../api/client.js";
import { pause } from "../../api/pause.js";
import { readPicture } from "../../api/predict.js";
import { toCsv, toText } from "../../pictures/answers.js";
import { MOST_FILES } from "../../pictures/dropped.js";
import { FileQueue } from "../../pictures/file-queue.js";
import { preparePicture } from "../../pictures/prepare-picture.js";
import { thumbnailOf } from "../../pictures/thumbnail.js";
import { personName } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { copyText, offerFile } from "../../widgets/copy.js";
import { byId } from "../../widgets/element.js";
import { FilesKeeper } from "./files-keeper.js";
import { FilesList } from "./files-list.js";

/** @typedef {import("../../pictures/file-queue.js").Entry} Entry */
/** @typedef {import("../../pictures/dropped.js").Brought} Brought */

export class FilesPanel {
  #root = byId("files", HTMLElement);
  #return = byId("files-return", HTMLElement);
  #progress = byId("files-progress", HTMLElement);
  #bar = byId("files-bar", HTMLProgressElement);
  #status = byId("files-status", HTMLElement);
  #leftOut = byId("files-left-out", HTMLElement);
  #halt = byId("files-halt", HTMLButtonElement);
  #list;
  #queue;
  /** Only for a person who is logged in. */
  #keeper;

  /**
   * `onOpen(file)` shows one file by itself, `onReturn()` the list again.
   *
   * @param {object} page
   * @param {string} page.predictUrl
   * @param {import("../../session/connection.js").Connection} page.connection
   * @param {(file: File) => void} page.onOpen
   * @param {() => void} page.onReturn
   */
  constructor({ predictUrl, connection, onOpen, onReturn }) {
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
    connection.subscribe((state) => {
      if (state === "up" && this.#queue.rest === "away") this.#queue.resume();
    });
    this.#return.addEventListener("click", onReturn);
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

  /** Whether somebody who leaves the page now would have to do again what they did, or wait again. */
  get #wouldBeLost() {
    const { entries, rest } = this.#queue;
    return rest !== "done" || entries.some((entry) => entry.label !== null && !this.#keeper?.of(entry)?.id);
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
    this.#showLeftOut({ hidden, unreadable, beyond: beyond + files.length - taken.length });
    const before = this.count;
    this.#queue.add(taken);
    this.#list.add(this.#queue.entries.slice(before));
    if (before === 0) this.#list.focus();
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#root.hidden = !isShown;
    this.#return.hidden = isShown || this.count === 0;
    this.#return.textContent = say("files.list", { count: this.count });
    if (isShown) this.#list.focus();
  }

  /** @param {Entry} entry */
  #changed(entry) {
    this.#list.show(entry);
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

  /** @param {{ hidden: number, unreadable: number, beyond: number }} counts */
  #showLeftOut({ hidden, unreadable, beyond }) {
    const parts = [];
    if (hidden > 0) parts.push(say("files.hidden", { count: hidden }));
    if (unreadable > 0) parts.push(say("files.unreadable", { count: unreadable }));
    if (beyond > 0) parts.push(say("files.beyond", { count: beyond, most: MOST_FILES }));
    this.#leftOut.textContent = parts.length === 0 ? "" : say("files.leftOut", { what: parts.join(", ") });
  }

  async #copy() {
    const { entries } = this.#queue;
    const count = entries.filter(({ state }) => state === "read").length;
    const isDone = await copyText(toText(entries));
    this.#status.textContent = isDone ? say("files.copied", { count }) : say("files.notCopied");
    this.#leftOut.textContent = this.#status.textContent;
  }
}

