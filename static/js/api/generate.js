/** Has the server make digits or other pictures. Of several orders only the newest is answered. */

import { withQuery } from "./address.js";
import { Client, readJson } from "./client.js";
import { errorOf } from "./error.js";
import { Newest } from "./newest.js";

const TRIES = 4;

/** @typedef {"png" | "zip" | "npz" | "idx" | "svg"} Kind */

/**
 * What is to be made; see POST /generate in the API's document. `like` and `to` are data URLs, and `class` is for
 * generators of other pictures than digits.
 *
 * @typedef {object} Order
 * @property {string} [digits]
 * @property {string} [class]
 * @property {number} [count]
 * @property {number} [seed]
 * @property {number} [spread]
 * @property {string} [like]
 * @property {string} [to]
 * @property {"any" | "one" | "mine"} [style] "mine" is for who is logged in
 * @property {[number, number][]} [places]
 */

export class Maker {
  #url;
  #client;
  #newest = new Newest();

  /**
   * @param {string} url
   * @param {import("./client.js").World} [world]
   */
  constructor(url, world) {
    this.#url = url;
    this.#client = new Client(world);
  }

  /** Drops the order under way, if there is one. */
  abort() {
    this.#newest.abort();
  }

  /**
   * The sheet of what is ordered; null where a newer order (or `abort`) has overtaken this one. Throws an ApiError.
   *
   * @param {Order} order
   */
  make(order) {
    return this.#newest.ask((signal) => this.#send(order, "png", signal));
  }

  /**
   * A file of what is ordered. Throws an ApiError.
   *
   * @param {Order} order
   * @param {Kind} kind
   */
  file(order, kind) {
    return this.#send(order, kind);
  }

  /**
   * @param {Order} order
   * @param {Kind} kind
   * @param {AbortSignal} [signal]
   */
  async #send(order, kind, signal) {
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify(order), signal, tries: TRIES };
    const { response, content } = await this.#client.send(withQuery(this.#url, { as: kind }), readFile, request);
    if (content instanceof Blob) return content;
    throw errorOf(response, content);
  }
}

/** @param {Response} response */
function readFile(response) {
  return response.ok ? response.blob() : readJson(response);
}
