/** The monitor: a tile for each client that sends frames. One question at a time asks for what is new of all. */

import { addressOf } from "../../api/address.js";
import { Client } from "../../api/client.js";
import { ApiError } from "../../api/error.js";
import { Follower } from "../../session/follower.js";
import { pageSender } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { Tile } from "./tile.js";

/** @typedef {import("./words.js").Stream} Stream */
/** @typedef {{ streams: Stream[], now: number, again_ms: number }} Answer */

const PAUSE_MS = 250;

export class StreamsPage {
  #page = byId("main", HTMLElement);
  #wall = byId("streams", HTMLElement);
  #none = byId("none", HTMLElement);
  #count = byId("count", HTMLElement);
  #trouble = byId("trouble", HTMLElement);
  #note = byId("note", HTMLElement);
  #client = new Client();
  #sender = pageSender();
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  #since = 0;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const follower = new Follower(connection, {
      isAtWork: () => true,
      ask: () => this.#ask(),
      say: (error) => {
        this.#trouble.textContent = error?.message ?? "";
      },
      pauseMs: PAUSE_MS,
    });
    follower.askNow();
  }

  async #ask() {
    /** @type {Answer} */
    const answer = await this.#client.get(`${location.pathname}?frames_since=${this.#since}`);
    this.#since = answer.now;
    this.#show(answer.streams);
    return answer.again_ms;
  }

  /** @param {Stream[]} streams */
  #show(streams) {
    const there = new Set(streams.map(({ id }) => id));
    for (const [id, tile] of this.#tiles) {
      if (there.has(id)) continue;
      // Who is at its buttons goes on from here.
      if (tile.root.contains(document.activeElement)) this.#page.focus();
      tile.root.remove();
      this.#tiles.delete(id);
    }
    for (const stream of streams) this.#tileOf(stream.id).show(stream);
    this.#none.hidden = streams.length > 0;
    const count = say("streams.count", { count: streams.length });
    if (this.#count.textContent !== count) this.#count.textContent = count;
  }

  /** @returns {import("./tile.js").Actions} */
  get #actions() {
    const { nameUrl = "", disconnectUrl = "", feedUrl = "" } = this.#page.dataset;
    return {
      rename: (id, name) => this.#change(addressOf(nameUrl, id), { name }, "streams.renamed", name),
      disconnect: (id) => {
        const name = this.#tiles.get(id)?.name ?? "";
        return this.#change(addressOf(disconnectUrl, id), {}, "streams.disconnected", name);
      },
      feedUrl: (id) => addressOf(feedUrl, id),
    };
  }

  /** @param {string} id */
  #tileOf(id) {
    let tile = this.#tiles.get(id);
    if (tile === undefined) {
      tile = new Tile(id, this.#actions);
      this.#tiles.set(id, tile);
      this.#wall.append(tile.root);
    }
    return tile;
  }

  /**
   * Changes something of a stream, and says that it was done, or why not.
   *
   * @param {string} url
   * @param {object} given
   * @param {"streams.renamed" | "streams.disconnected"} done
   * @param {string} name of the stream, as it is then
   */
  async #change(url, given, done, name) {
    try {
      await this.#sender.post(url, new Blob([JSON.stringify(given)], { type: "application/json" }));
      this.#note.textContent = say(done, { name });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#note.textContent = error.message;
      return false;
    }
  }
}
