/** How far sending is, and what holds it up. */

import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { formatBytes, formatCount } from "../../widgets/numbers.js";

/** @typedef {import("./sending.js").Sending} Sending */

/** Names that are written out. */
const MOST_NAMES = 3;

export class SendingView {
  #root = byId("sending", HTMLElement);
  #title = byId("sending-title", HTMLElement);
  #bar = byId("sending-bar", HTMLProgressElement);
  #words = byId("sending-words", HTMLElement);
  #note = byId("sending-note", HTMLElement);
  #again = byId("sending-again", HTMLButtonElement);
  #frame = 0;

  /** @param {{ onAgain: () => void, onCancel: () => void }} actions */
  constructor({ onAgain, onCancel }) {
    this.#again.addEventListener("click", onAgain);
    byId("sending-cancel", HTMLButtonElement).addEventListener("click", onCancel);
  }

  /** Shows the panel, in place of the form. */
  open() {
    this.#root.hidden = false;
    this.#title.focus();
  }

  close() {
    this.#root.hidden = true;
  }

  /**
   * Shows how far it is, once a frame at most.
   *
   * @param {Sending} sending
   */
  show(sending) {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const { count, bytes, sentFiles, sentBytes, rest } = sending;
      this.#bar.max = Math.max(bytes, 1);
      this.#bar.value = sentBytes;
      this.#words.textContent = say("collect.sending", {
        done: formatCount(sentFiles),
        count: formatCount(count),
        sent: formatBytes(sentBytes),
        size: formatBytes(bytes),
      });
      this.#say(wordsOfRest(rest));
    });
  }

  /** Says that the rest is the server's. */
  showEnd() {
    cancelAnimationFrame(this.#frame);
    this.#bar.value = this.#bar.max;
    this.#say(say("collect.sent"));
  }

  /**
   * Says that it will not go on by itself, and offers what may be done.
   *
   * @param {string} problem
   * @param {string} again the words of the button
   */
  halt(problem, again) {
    cancelAnimationFrame(this.#frame);
    this.#say(problem);
    this.#again.textContent = again;
    this.#again.hidden = false;
    this.#again.focus();
  }

  /** Takes back the offer. */
  goOn() {
    this.#again.hidden = true;
    this.#say("");
  }

  /** @param {string} words */
  #say(words) {
    if (this.#note.textContent !== words) this.#note.textContent = words;
  }
}

/** @param {import("./sending.js").Rest} rest */
function wordsOfRest(rest) {
  if (rest === null) return "";
  return say(rest === "away" ? "collect.away" : "collect.busy");
}

/**
 * Which files were not sent.
 *
 * @param {Set<string>} unreadable
 */
export function wordsOfUnreadable(unreadable) {
  const first = [...unreadable].slice(0, MOST_NAMES).join(", ");
  const more = unreadable.size - MOST_NAMES;
  const names = more > 0 ? say("collect.andMore", { names: first, shown: formatCount(more) }) : first;
  return say("collect.unreadable", { count: unreadable.size, shown: formatCount(unreadable.size), names });
}
