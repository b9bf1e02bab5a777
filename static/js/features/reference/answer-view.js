/** What the server answered: status, headers, and the content as it can be shown. */

import { say } from "../../text/catalogue.js";
import { offerFile } from "../../widgets/copy.js";
import { el } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";

const LONGEST = 20_000;

export class AnswerView {
  #root;
  #url = "";

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  /** @param {string} words */
  say(words) {
    this.#show(el("p", {}, words));
  }

  /**
   * @param {Response} response
   * @param {Blob} content
   * @param {number} milliseconds
   */
  async answer(response, content, milliseconds) {
    const { status, statusText: reason } = response;
    const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    this.#show(
      el("p", { class: "answer-status" }, say("reference.status", { status, reason, milliseconds })),
      ...(await this.#content(response, content)),
      el(
        "details",
        {},
        el("summary", {}, say("reference.headers")),
        el("pre", { tabindex: 0, translate: "no" }, lines.join("\n")),
      ),
    );
  }

  /** @param {...Node} parts */
  #show(...parts) {
    if (this.#url !== "") URL.revokeObjectURL(this.#url);
    this.#url = "";
    this.#root.hidden = false;
    this.#root.replaceChildren(...parts);
  }

  /**
   * @param {Response} response
   * @param {Blob} content
   * @returns {Promise<HTMLElement[]>}
   */
  async #content({ headers }, content) {
    const type = (headers.get("Content-Type") ?? "").split(";")[0];
    if (content.size === 0) return [el("p", {}, say("reference.empty"))];
    if (type.endsWith("json")) return shownText(indented(await content.text()));
    if (type.startsWith("text/")) return shownText(await content.text());
    const save = () => offerFile(nameIn(headers), content);
    const words = say("reference.save", { bytes: formatCount(content.size) });
    const button = el("button", { type: "button", class: "button", click: save }, words);
    if (!type.startsWith("image/")) return [el("p", {}, button)];
    this.#url = URL.createObjectURL(content);
    return [el("img", { src: this.#url, alt: say("reference.picture") }), el("p", {}, button)];
  }
}

/** @param {string} text */
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** @param {string} text */
function shownText(text) {
  const shown = el("pre", { tabindex: 0, translate: "no" }, text.slice(0, LONGEST));
  if (text.length <= LONGEST) return [shown];
  return [shown, el("p", { class: "form-note" }, say("reference.cut", { count: formatCount(LONGEST) }))];
}

/** @param {Headers} headers */
function nameIn(headers) {
  return /filename="?([^";]+)/.exec(headers.get("Content-Disposition") ?? "")?.[1] ?? "answer";
}
