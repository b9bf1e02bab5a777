/** The form that sends pages: a few pictures at a time, so that a slow line breaks off little. */

import { ApiError } from "../../api/error.js";
import { pageSender } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { find } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";
import { groupFiles } from "./groups.js";

/** For a group on a slow line. */
const PATIENCE_MS = 120_000;

export class PagesSending {
  #sender = pageSender();
  #connection;
  #onSent;
  #isSending = false;
  /** Those that were sent, of a choice that was broken off. @type {Set<File>} */
  #sent = new Set();
  /** Names the groups of a choice as one sending, also when it goes on after being broken off. @type {string | null} */
  #sending = null;

  /**
   * `onSent()` is called when all are sent.
   *
   * @param {import("../../session/connection.js").Connection} connection
   * @param {() => Promise<void>} onSent
   */
  constructor(connection, onSent) {
    this.#connection = connection;
    this.#onSent = onSent;
    // The form comes anew with each state of the page.
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !form.matches(".sheets-send")) return;
      event.preventDefault();
      this.#send(form);
    });
    addEventListener("beforeunload", (event) => {
      if (this.#isSending) event.preventDefault();
    });
  }

  /** @param {HTMLFormElement} form */
  async #send(form) {
    if (this.#isSending) return;
    this.#isSending = true;
    const button = find(form, "button", HTMLButtonElement);
    button.disabled = true;
    try {
      await this.#sendGroups(form);
      this.#isSending = false;
      await this.#onSent();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isAway) this.#connection.reportSilence();
      this.#note(form, say("worksheets.notSent", { problem: error.message }));
    } finally {
      this.#isSending = false;
      button.disabled = false;
    }
  }

  /** @param {HTMLFormElement} form */
  async #sendGroups(form) {
    const chosen = [...(find(form, "[type=file]", HTMLInputElement).files ?? [])];
    this.#sending ??= find(form, "[name=sending]", HTMLInputElement).value;
    for (const group of groupFiles(chosen.filter((file) => !this.#sent.has(file)))) {
      const done = chosen.filter((file) => this.#sent.has(file)).length;
      this.#note(form, say("worksheets.sending", { done: formatCount(done), total: formatCount(chosen.length) }));
      const body = new FormData();
      body.append("sending", this.#sending);
      for (const file of group) body.append("page", file);
      await this.#sender.post(form.action, body, { patience: PATIENCE_MS });
      this.#connection.reportAnswer();
      for (const file of group) this.#sent.add(file);
    }
    this.#sent.clear();
    this.#sending = null;
  }

  /**
   * @param {HTMLFormElement} form
   * @param {string} words
   */
  #note(form, words) {
    find(form, ".sheets-sending", HTMLElement).textContent = words;
  }
}
