/** One client on the monitor. */

import { say } from "../../text/catalogue.js";
import { el } from "../../widgets/element.js";
import { formatPercent } from "../../widgets/numbers.js";
import { describeFacts } from "./words.js";

/** @typedef {import("./words.js").Stream} Stream */

/**
 * What can be done with a stream; each resolves to whether it was.
 *
 * @typedef {object} Actions
 * @property {(id: string, name: string) => Promise<boolean>} rename
 * @property {(id: string) => Promise<boolean>} disconnect
 * @property {(id: string) => string} feedUrl
 */

export class Tile {
  #id;
  #actions;
  #name;
  #text = el("span", { class: "stream-text" });
  #sure = el("span", { class: "stream-sure" });
  #facts = el("p", { class: "stream-facts" });
  #frame = el("img", { class: "stream-frame", alt: "" });
  #blank = el("p", { class: "stream-blank" });
  #input = el("input", { maxlength: 40, required: "", autocomplete: "off" });
  #form = el(
    "form",
    { class: "stream-rename", hidden: "", submit: (event) => this.#rename(event) },
    el("label", { class: "field" }, el("span", {}, say("streams.newName")), this.#input),
    el("button", { class: "button" }, say("streams.save")),
  );
  #enlargeButton;
  #renameButton;
  root;

  /**
   * @param {string} id
   * @param {Actions} actions
   */
  constructor(id, actions) {
    this.#id = id;
    this.#actions = actions;
    this.#name = el("h2", { class: "stream-name", id: `stream-${id}` });
    this.#enlargeButton = this.#button("streams.enlarge", () => this.#toggleSize());
    this.#renameButton = this.#button("streams.rename", () => this.#toggleForm());
    const feed = { class: "link-button", href: actions.feedUrl(id), target: "_blank", ...this.#described };
    this.root = el(
      "article",
      { class: "stream", "data-id": id, "aria-labelledby": `stream-${id}` },
      el("div", { class: "stream-picture" }, this.#frame, this.#blank),
      el("div", { class: "stream-head" }, this.#name, el("p", { class: "stream-answer" }, this.#text, " ", this.#sure)),
      this.#facts,
      el(
        "div",
        { class: "stream-tools" },
        this.#enlargeButton,
        this.#renameButton,
        this.#button("streams.disconnect", () => actions.disconnect(id)),
        el("a", feed, say("streams.feed")),
      ),
      this.#form,
    );
  }

  get name() {
    return this.#name.textContent ?? "";
  }

  /** @param {Stream} stream */
  show(stream) {
    setText(this.#name, stream.name);
    setText(this.#text, stream.text || say("streams.nothingRead"));
    this.#text.classList.toggle("is-none", stream.text === "");
    setText(this.#sure, stream.confidence === null ? "" : formatPercent(stream.confidence));
    setText(this.#facts, describeFacts(stream));
    if (stream.frame !== null) this.#frame.src = stream.frame;
    this.#frame.alt = say("streams.frameOf", { name: stream.name });
    const isSeen = stream.shows_frames && this.#frame.hasAttribute("src");
    this.#frame.hidden = !isSeen;
    this.#blank.hidden = isSeen;
    setText(this.#blank, say(stream.shows_frames ? "streams.frameComes" : "streams.frameHidden"));
  }

  /** Of the same things in all tiles, whose this is. */
  get #described() {
    return { "aria-describedby": `stream-${this.#id}` };
  }

  /**
   * @param {import("../../text/catalogue.js").Code} code
   * @param {() => void} click
   */
  #button(code, click) {
    return el("button", { type: "button", class: "link-button", click, ...this.#described }, say(code));
  }

  #toggleSize() {
    const isLarge = this.root.classList.toggle("is-large");
    setText(this.#enlargeButton, say(isLarge ? "streams.reduce" : "streams.enlarge"));
  }

  #toggleForm() {
    this.#form.hidden = !this.#form.hidden;
    if (this.#form.hidden) return;
    this.#input.value = this.name;
    this.#input.select();
  }

  /** @param {SubmitEvent} event */
  async #rename(event) {
    event.preventDefault();
    if (!(await this.#actions.rename(this.#id, this.#input.value))) return;
    setText(this.#name, this.#input.value.trim());
    this.#form.hidden = true;
    this.#renameButton.focus();
  }
}

/**
 * Says it; what has not changed is left alone.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
