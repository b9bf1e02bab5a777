/** The page Collect: files are chosen, looked over, sent, and handed to the check. */

import { ApiError } from "../../api/error.js";
import { addressOf } from "../../api/address.js";
import { pause } from "../../api/pause.js";
import { acceptPictures } from "../../pictures/picture-input.js";
import { pageSender } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { formatBytes } from "../../widgets/numbers.js";
import { ChosenView } from "./chosen-view.js";
import { sortChosen } from "./chosen.js";
import { SendingView, wordsOfUnreadable } from "./sending-view.js";
import { Sending } from "./sending.js";

/** @typedef {import("../../pictures/dropped.js").Brought} Brought */

/** Files of one upload. */
const MOST_FILES = 100_000;
/** For a piece on a slow line. */
const PATIENCE_MS = 90_000;

export class CollectPage {
  #form = byId("collect-form", HTMLFormElement);
  #problem = byId("collect-problem", HTMLElement);
  #chosenView = new ChosenView();
  #sendingView;
  #sender = pageSender();
  #connection;
  #addresses;
  #quota;
  /** @type {import("./chosen.js").Named[]} */
  #files = [];
  /** @type {Sending | null} */
  #sending = null;
  /** The upload's id, once it has begun. */
  #id = "";
  #isHandedOver = false;
  #isBeginning = false;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const { importsUrl = "", uploadUrl = "", quota = "" } = byId("main", HTMLElement).dataset;
    this.#addresses = { imports: importsUrl, page: uploadUrl };
    this.#quota = Number(quota);
    this.#connection = connection;
    this.#sendingView = new SendingView({ onAgain: () => this.#send(), onCancel: () => this.#cancel() });
    acceptPictures((brought) => this.#take(brought), {
      most: MOST_FILES,
      onLook: () => this.#note(say("collect.looking")),
    });
    byId("choose-others", HTMLElement).addEventListener("click", () => this.#startOver());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#begin();
    });
    connection.subscribe((state) => {
      if (state === "up") this.#sending?.goOn();
    });
    addEventListener("beforeunload", (event) => {
      if (this.#isSending) event.preventDefault();
    });
    addEventListener("pagehide", () => this.#forget());
  }

  get #isSending() {
    return this.#sending !== null && !this.#isHandedOver;
  }

  /** @param {Brought} brought */
  #take({ files, unreadable, beyond }) {
    this.#note("");
    if (this.#isSending) return;
    const room = MOST_FILES - this.#files.length;
    this.#files = [...this.#files, ...files.slice(0, room)];
    this.#say("");
    if (this.#files.length === 0) {
      this.#say(say("collect.nothing"));
      return;
    }
    const chosen = sortChosen(this.#files);
    const beyondAll = beyond + Math.max(0, files.length - room);
    this.#form.dataset.stage = "chosen";
    this.#chosenView.show(chosen, { unreadable, beyond: beyondAll, most: MOST_FILES });
    this.#fits();
  }

  /** Whether all that is chosen may be sent in a day; says so if not. */
  #fits() {
    const bytes = sortChosen(this.#files).bytes;
    if (bytes <= this.#quota) return true;
    this.#say(say("collect.tooMuch", { size: formatBytes(bytes), most: formatBytes(this.#quota) }));
    return false;
  }

  #startOver() {
    this.#files = [];
    this.#form.dataset.stage = "choose";
    this.#chosenView.hide();
    this.#say("");
    byId("choose", HTMLElement).focus();
  }

  /** @param {string} words */
  #note(words) {
    byId("collect-note", HTMLElement).textContent = words;
  }

  /** @param {string} words */
  #say(words) {
    this.#problem.textContent = words;
  }

  async #begin() {
    if (this.#isBeginning || !this.#fits()) return;
    this.#say("");
    this.#isBeginning = true;
    const fields = new FormData(this.#form);
    const said = new URLSearchParams();
    for (const name of ["writer", "label"]) said.set(name, String(fields.get(name) ?? ""));
    try {
      const answer = await this.#sender.post(this.#addresses.imports, said);
      this.#id = answer.import;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isAway) this.#connection.reportSilence();
      this.#say(error.message);
      return;
    } finally {
      this.#isBeginning = false;
    }
    this.#isHandedOver = false;
    this.#sending = new Sending(this.#files, {
      post: (path, body, signal) => this.#post(path, body, signal),
      pause,
      onChange: () => this.#changed(),
    });
    this.#form.hidden = true;
    this.#sendingView.open();
    await this.#send();
  }

  /** Sends what is left, has it checked, and shows that on its own page. */
  async #send() {
    const sending = this.#sending;
    if (sending === null) return;
    const known = sending.unreadable.size;
    this.#sendingView.goOn();
    this.#sendingView.show(sending);
    try {
      await sending.run();
      if (sending.unreadable.size > known) {
        this.#sendingView.halt(wordsOfUnreadable(sending.unreadable), say("collect.checkOthers"));
        return;
      }
      this.#sendingView.showEnd();
      await sending.check();
    } catch (error) {
      if (this.#sending !== sending) return; // cancelled
      if (!(error instanceof ApiError)) throw error;
      if (error.isAway) this.#connection.reportSilence();
      this.#sendingView.halt(say("collect.stopped", { problem: error.message }), say("collect.tryAgain"));
      return;
    }
    this.#isHandedOver = true;
    location.assign(addressOf(this.#addresses.page, this.#id));
  }

  /**
   * @param {string} path
   * @param {Blob | FormData | URLSearchParams} body
   * @param {AbortSignal} signal
   */
  async #post(path, body, signal) {
    await this.#sender.post(this.#url(path), body, { signal, patience: PATIENCE_MS });
    this.#connection.reportAnswer();
  }

  #changed() {
    if (this.#sending === null) return;
    if (this.#sending.rest === "away") this.#connection.reportSilence();
    this.#sendingView.show(this.#sending);
  }

  #cancel() {
    if (!confirm(say("collect.leaveSure"))) return;
    this.#forget();
    this.#sendingView.close();
    this.#form.hidden = false;
    this.#chosenView.show(sortChosen(this.#files), { unreadable: 0, beyond: 0, most: MOST_FILES });
  }

  /** Ends sending, and has the server forget what came. */
  #forget() {
    const sending = this.#sending;
    if (sending === null || this.#isHandedOver) return;
    this.#sending = null;
    sending.stop();
    // What is not forgotten now is so in a day.
    this.#sender.post(this.#url("cancel"), new URLSearchParams(), { isLast: true }).catch(() => {});
  }

  /** @param {string} path */
  #url(path) {
    return `${this.#addresses.imports}/${this.#id}/${path}`;
  }
}
