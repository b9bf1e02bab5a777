/** A sheet of made digits or other pictures, and its files. */

import { ApiError } from "../../api/error.js";
import { Maker } from "../../api/generate.js";
import { say } from "../../text/catalogue.js";
import { byId, el, find, findAll } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";

/** @typedef {import("../../api/generate.js").Order} Order */
/** @typedef {import("../../api/generate.js").Kind} Kind */

/** How many are shown of those that are ordered: as many as the server shows. */
const MOST_SHOWN = 100;

/**
 * The sheet in the element of that id, filled by the server that the page names.
 *
 * @param {string} id
 * @param {import("../../session/connection.js").Connection} connection
 */
export function sheetAt(id, connection) {
  const { makeUrl = "" } = byId("main", HTMLElement).dataset;
  return new MadeSheet(byId(id, HTMLElement), new Maker(makeUrl), connection);
}

export class MadeSheet {
  #root;
  #maker;
  #connection;
  #image;
  #words;
  /** @type {Order | null} */
  #order = null;
  #url = "";

  /**
   * @param {HTMLElement} root
   * @param {import("../../api/generate.js").Maker} maker
   * @param {import("../../session/connection.js").Connection} connection
   */
  constructor(root, maker, connection) {
    this.#root = root;
    this.#maker = maker;
    this.#connection = connection;
    this.#image = find(root, "[data-part=sheet]", HTMLImageElement);
    this.#words = find(root, "[data-part=words]", HTMLElement);
    for (const button of findAll(root, "[data-as]", HTMLButtonElement)) {
      button.addEventListener("click", () => this.#download(/** @type {Kind} */ (button.dataset.as)));
    }
    connection.subscribe((state) => {
      if (state === "up" && this.#order !== null && root.dataset.state === "owed") this.show(this.#order);
    });
  }

  /**
   * What the page came with.
   *
   * @param {Order} order
   */
  adopt(order) {
    this.#order = order;
  }

  /**
   * Makes and shows what is ordered; `alt` says what it is.
   *
   * @param {Order} order
   * @param {string} [alt]
   */
  async show(order, alt = this.#image.alt) {
    this.#order = order;
    this.#root.setAttribute("aria-busy", "true");
    const { count = MOST_SHOWN } = order;
    const shown = Math.min(count, MOST_SHOWN);
    try {
      const sheet = await this.#maker.make(order.count === undefined ? order : { ...order, count: shown });
      if (sheet === null) return;
      this.#connection.reportAnswer();
      await this.#place(sheet, alt);
      this.#say(count > shown ? say("generate.first", { shown: formatCount(shown), count: formatCount(count) }) : "");
      this.#root.dataset.state = "shown";
    } catch (error) {
      this.#complain(error);
    }
    this.#root.setAttribute("aria-busy", "false");
  }

  /** Shows nothing. */
  empty() {
    this.#maker.abort();
    this.#order = null;
    this.#root.dataset.state = "empty";
    this.#root.setAttribute("aria-busy", "false");
    this.#say("");
  }

  /**
   * @param {Blob} sheet
   * @param {string} alt
   */
  async #place(sheet, alt) {
    const before = this.#url;
    this.#url = URL.createObjectURL(sheet);
    this.#image.src = this.#url;
    this.#image.alt = alt;
    await this.#image.decode().catch(() => {});
    this.#image.width = this.#image.naturalWidth;
    this.#image.height = this.#image.naturalHeight;
    URL.revokeObjectURL(before);
  }

  /** @param {Kind} kind */
  async #download(kind) {
    if (this.#order === null) return;
    const { files = "made-digits" } = this.#root.dataset;
    try {
      const file = await this.#maker.file(this.#order, kind);
      const url = URL.createObjectURL(file);
      el("a", { href: url, download: `${files}.${kind === "idx" ? "zip" : kind}` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      this.#say("");
    } catch (error) {
      this.#complain(error);
    }
  }

  /** @param {unknown} error */
  #complain(error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.kind === "overtaken") return;
    if (error.isAway) this.#connection.reportSilence();
    if (error.isAway) this.#root.dataset.state = "owed";
    this.#say(error.isAway ? say("generate.comesBack") : error.message, true);
  }

  /**
   * @param {string} words
   * @param {boolean} [isProblem]
   */
  #say(words, isProblem = false) {
    this.#words.textContent = words;
    this.#words.classList.toggle("is-problem", isProblem);
  }
}
