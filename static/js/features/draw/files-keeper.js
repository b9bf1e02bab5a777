/** The button that keeps many pictures, and what it says; the requests behind it. */

import { addressOf } from "../../api/address.js";
import { ApiError } from "../../api/error.js";
import { pause } from "../../api/pause.js";
import { preparePicture, PictureError } from "../../pictures/prepare-picture.js";
import { pageSender } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { lowerFirst } from "../../text/digits.js";
import { byId, el } from "../../widgets/element.js";
import { canBeLabelled, FilesKeeping, labelToKeep } from "./files-keeping.js";

/** @typedef {import("../../pictures/file-queue.js").Entry} Entry */

export class FilesKeeper {
  #button = byId("files-keep", HTMLButtonElement);
  #words = byId("files-keep-words", HTMLElement);
  #sender = pageSender();
  #predictUrl;
  #connection;
  #keeping;
  /** @type {Entry[]} What is kept as soon as the server can be reached again. */
  #owed = [];

  /**
   * @param {object} options
   * @param {string} options.predictUrl
   * @param {import("../../session/connection.js").Connection} options.connection
   * @param {(entry: Entry) => void} options.onChange
   */
  constructor({ predictUrl, connection, onChange }) {
    this.#predictUrl = predictUrl;
    this.#connection = connection;
    connection.subscribe((state) => {
      if (state === "up" && this.#owed.length > 0) this.#keep(this.#owed);
    });
    this.#keeping = new FilesKeeping({
      store: (entry, label) => this.#store(entry, label),
      undo: (stored) => this.#undo(stored),
      onChange,
      pause,
    });
  }

  /** @param {() => Entry[]} entriesNow */
  onKeep(entriesNow) {
    this.#button.addEventListener("click", () => {
      if (this.#button.getAttribute("aria-disabled") !== "true") this.#keep(entriesNow());
    });
  }

  /** @param {Entry} entry */
  of(entry) {
    return this.#keeping.of(entry);
  }

  /**
   * What was known of one before a reload.
   *
   * @param {Entry} entry
   * @param {Pick<import("./files-keeping.js").Kept, "id" | "label" | "before">} kept
   */
  know(entry, kept) {
    this.#keeping.know(entry, kept);
  }

  /** @param {Entry} entry */
  takeBack(entry) {
    return this.#keeping.takeBack(entry);
  }

  /** @param {Entry[]} entries */
  show(entries) {
    const count = this.#keeping.toKeep(entries).length;
    const read = entries.filter(({ state }) => state === "read");
    const kept = read.filter((entry) => this.#keeping.of(entry)?.id).length;
    this.#button.textContent = say("files.keep", { count });
    this.#button.setAttribute("aria-disabled", String(count === 0 || this.#keeping.isBusy));
    if (this.#keeping.isBusy) {
      this.#words.textContent = say("files.keeping", { done: kept, count: kept + count });
    } else if (kept === 0) {
      const left = read.filter((entry) => canBeLabelled(entry) && labelToKeep(entry) === null);
      const rest = say("files.keepRest", { count: left.length });
      this.#words.textContent = `${say("files.keepExplained")} ${rest}`.trim();
    }
  }

  /** @param {Entry[]} entries */
  async #keep(entries) {
    const wanted = this.#keeping.toKeep(entries);
    const problem = await this.#keeping.keep(wanted);
    const { length: count } = wanted;
    const missing = this.#keeping.toKeep(wanted).length;
    this.#owed = problem?.isAway ? wanted : [];
    if (problem?.isAway) this.#connection.reportSilence();
    const why = lowerFirst(problem?.message ?? say("files.seeBeside"));
    const isDone = problem === null && missing === 0;
    const some = { kept: count - missing, count, problem: why };
    this.#words.textContent = isDone ? say("files.keptAll", { count }) : say("files.keptSome", some);
    this.#words.classList.toggle("is-problem", missing > 0);
    if (problem?.kind !== "loggedOut") return;
    const { logInUrl = "" } = this.#button.dataset;
    // Beside this page, so that the list stays in sight.
    this.#words.append(" ", el("a", { href: logInUrl, target: "_blank" }, say("keeping.logIn")));
  }

  /**
   * @param {Entry} entry
   * @param {string} label
   */
  async #store(entry, label) {
    const { blob } = await preparePicture(entry.file).catch((error) => {
      throw error instanceof PictureError ? new ApiError("refused", error.message) : error;
    });
    const answer = await this.#sender.post(`${this.#predictUrl}?store=1&source=${entry.source}&label=${label}`, blob);
    if (answer.image_id === null) throw new ApiError("refused", say("keeping.noDigit"));
    const { was_held: wasHeld, label_before: before } = answer.kept;
    return { id: answer.image_id, before: wasHeld || before !== null ? before : undefined };
  }

  /** @param {import("./files-keeping.js").Stored} stored */
  async #undo({ id, before }) {
    const { labelUrl = "", deleteUrl = "" } = this.#button.dataset;
    const isNew = before === undefined;
    const fields = new URLSearchParams(isNew ? "with_label=1" : `label=${before ?? ""}`);
    await this.#sender.post(addressOf(isNew ? deleteUrl : labelUrl, id), fields);
  }
}
