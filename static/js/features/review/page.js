/** The page Review: one picture after the other, by keys, buttons and fingers. */

import { addressOf } from "../../api/address.js";
import { Client } from "../../api/client.js";
import { ApiError } from "../../api/error.js";
import { keep, kept } from "../../session/keep.js";
import { pageSender, personName } from "../../session/person.js";
import { singleKeysWork } from "../../session/single-keys.js";
import { say } from "../../text/catalogue.js";
import { labelInWords } from "../../text/digits.js";
import { byId, findAll } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";
import { actionForKey } from "./keys.js";
import { Outbox } from "./outbox.js";
import { ReviewView } from "./review-view.js";
import { Reviewing } from "./reviewing.js";
import { describeProgress } from "./words.js";

/** @typedef {import("./outbox.js").Entry} Entry */
/** @typedef {import("./reviewing.js").Picture} Picture */

/** Pictures stay a person's for five minutes after they asked for some. */
const RENEW_MS = 120_000;

export class ReviewPage {
  #sender = pageSender();
  #client = new Client();
  #connection;
  #addresses = byId("main", HTMLElement).dataset;
  /** @type {Map<string, string>} */
  #files = new Map();
  #view = new ReviewView(this.#files);
  /** The person is in the name: another one's answers are none of theirs. */
  #name = `digitnet.review.${personName()}`;
  #startedAt = 0;
  #outbox = new Outbox({
    send: (entry) => this.#send(entry),
    onChange: () => this.#keepOutbox(),
    onRefused: (entry, error) => this.#tellRefused(entry, error),
  });
  #reviewing = new Reviewing({
    outbox: this.#outbox,
    next: (claim, count) => this.#post(this.#addresses.nextUrl ?? "", asJson({ claim, count })),
    load: (picture) => this.#load(picture),
    discard: ({ id }) => this.#discard(id),
    onChange: () => this.#show(),
  });

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    this.#connection = connection;
    connection.subscribe((state) => {
      if (state === "up") this.#goOn();
    });
    addEventListener("keydown", (event) => this.#typed(event));
    for (const button of findAll(document, "[data-answer]", HTMLButtonElement)) {
      button.addEventListener("click", ({ detail }) => this.#pressed(button, detail > 0));
    }
    document.addEventListener("visibilitychange", () => this.#renew());
    setInterval(() => this.#renew(), RENEW_MS);
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) location.reload(); // what was ready was given back
    });
    addEventListener("beforeunload", (event) => {
      if (this.#outbox.size > 0 && this.#outbox.problem !== null) event.preventDefault();
    });
    this.#begin();
  }

  async #begin() {
    await this.#outbox.resume(kept(this.#name));
    await this.#reviewing.fill();
  }

  /** The server is back. */
  #goOn() {
    this.#outbox.flush();
    this.#reviewing.fill();
  }

  #renew() {
    if (document.visibilityState === "visible") this.#goOn();
  }

  /** Sends what is left, while the page goes: what does not arrive is sent when the page is opened again. */
  #leave() {
    for (const entry of this.#outbox.latest) {
      this.#sender.post(this.#answerUrl(entry), this.#contentOf(entry), { isLast: true }).catch(() => {});
    }
    const { claim } = this.#reviewing;
    if (claim === null) return;
    const ended = this.#sender.post(this.#addresses.releaseUrl ?? "", asJson({ claim }), { isLast: true });
    ended.catch(() => {}); // it runs out by itself
  }

  /** @param {KeyboardEvent} event */
  #typed(event) {
    const { target } = event;
    const isOnControl = target instanceof Element && target.closest("a, button, input, summary") !== null;
    if (isOnControl && (event.key === "Enter" || event.key === " ")) return;
    const action = actionForKey(event, singleKeysWork());
    if (action === null) return;
    event.preventDefault();
    this.#do(action);
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {boolean} isByPointer
   */
  #pressed(button, isByPointer) {
    const { answer, label = null } = button.dataset;
    if (answer === "confirm" || answer === "undo") this.#do({ kind: answer });
    else this.#do({ kind: "answer", label });
    if (isByPointer || button.disabled) this.#view.focus();
  }

  /** @param {import("./keys.js").Action} action */
  #do(action) {
    if (this.#startedAt === 0) this.#startedAt = Date.now();
    this.#view.note("");
    if (action.kind === "undo") this.#reviewing.undo();
    else if (action.kind === "confirm") this.#reviewing.confirm();
    else this.#reviewing.answer(action.label);
  }

  /**
   * @param {string} url
   * @param {Blob} content
   */
  async #post(url, content) {
    try {
      const answer = await this.#sender.post(url, content);
      this.#connection.reportAnswer();
      return answer;
    } catch (error) {
      if (error instanceof ApiError && error.isAway) this.#connection.reportSilence();
      throw error;
    }
  }

  /** @param {Entry} entry */
  async #send(entry) {
    const { label = null, isUndo } = entry;
    const answer = await this.#post(this.#answerUrl(entry), this.#contentOf(entry));
    if (isUndo) return;
    const isOverruled = label !== null && answer.label !== null && answer.label !== label;
    if (isOverruled) this.#view.note(say("review.overruled", { label: labelInWords(answer.label) }));
    else if (answer.late) this.#view.note(say("review.late"));
  }

  /**
   * @param {Entry} entry
   * @param {ApiError} error
   */
  #tellRefused({ id }, error) {
    if (error.status === 404) this.#view.note(say("review.gone"));
    else this.#view.note(error.message, addressOf(this.#addresses.pictureUrl ?? "", id));
  }

  #keepOutbox() {
    keep(this.#name, this.#outbox.toText());
    this.#show();
  }

  /** @param {Entry} entry */
  #answerUrl({ id }) {
    return addressOf(this.#addresses.answerUrl ?? "", id);
  }

  /** @param {Entry} entry */
  #contentOf({ label = null, isUndo }) {
    return asJson(isUndo ? { undo: true, claim: this.#reviewing.claim } : { label });
  }

  /** @param {Picture} picture */
  async #load({ id, image }) {
    try {
      const { response, content } = await this.#client.send(image, (answer) => answer.blob());
      if (!response.ok) return;
      const address = URL.createObjectURL(content);
      this.#files.set(id, address);
      // So that it is unpacked before it is needed.
      const unpacked = new Image();
      unpacked.src = address;
      await unpacked.decode();
    } catch {
      // It is shown without its file.
    }
  }

  /** @param {string} id */
  #discard(id) {
    URL.revokeObjectURL(this.#files.get(id) ?? "");
    this.#files.delete(id);
  }

  #show() {
    const { left, reviewed } = this.#reviewing;
    this.#view.show(this.#reviewing);
    this.#view.showProgress(describeProgress({ left, reviewed, elapsedMs: Date.now() - this.#startedAt }));
    this.#showTrouble();
  }

  #showTrouble() {
    const { problem, size } = this.#outbox;
    if (problem === null) {
      this.#view.showTrouble("");
      return;
    }
    const isOther = problem.kind === "loggedOut" || problem.kind === "replaced";
    const values = { problem: problem.message, count: size, shown: formatCount(size) };
    this.#view.showTrouble(isOther ? say("review.stopped", values) : say("review.unsent", values));
  }
}

/** @param {object} content */
function asJson(content) {
  return new Blob([JSON.stringify(content)], { type: "application/json" });
}
