/** A wall: everybody's last digit, how they were read, and what those that were read alike have in common. */

import { Client } from "../../api/client.js";
import { ApiError } from "../../api/error.js";
import { Follower } from "../../session/follower.js";
import { pageSender } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { byId, findAll } from "../../widgets/element.js";
import { NO_INK, groupsOf, inkFrom, isReadWrong } from "./groups.js";
import { WallTile } from "./wall-tile.js";

/** @typedef {import("./groups.js").One} One */
/** @typedef {{ wall: { expected: string | null }, participants: One[], now: number, again_ms: number }} Answer */

const PAUSE_MS = 500;

export class WallPage {
  #tiles = byId("tiles", HTMLElement);
  #groups = byId("groups", HTMLElement);
  #common = byId("common", HTMLElement);
  #none = byId("none", HTMLElement);
  #count = byId("count", HTMLElement);
  #trouble = byId("trouble", HTMLElement);
  #expected = byId("expected", HTMLSelectElement);
  #client = new Client();
  #sender = pageSender();
  /** @type {Map<string, WallTile>} */
  #shown = new Map();
  /** @type {Map<string, Uint8Array>} */
  #inks = new Map();
  #since = 0;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const follower = new Follower(connection, {
      isAtWork: () => true,
      ask: () => this.#ask(),
      say: (error) => this.#complain(error?.message ?? ""),
      pauseMs: PAUSE_MS,
    });
    this.#expected.addEventListener("change", () => this.#change({ expected: this.#expected.value || null }));
    for (const box of findAll(document, ".wall-controls input[name]", HTMLInputElement)) {
      box.addEventListener("change", () => this.#change({ [box.name]: box.checked }));
    }
    const hideCode = byId("hide-code", HTMLInputElement);
    hideCode.addEventListener("change", () => {
      byId("way", HTMLElement).hidden = hideCode.checked;
    });
    follower.askNow();
  }

  async #ask() {
    /** @type {Answer} */
    const answer = await this.#client.get(`${location.pathname}?since=${this.#since}`);
    this.#since = answer.now;
    this.#show(answer);
    return answer.again_ms;
  }

  /** @param {Answer} answer */
  #show({ wall: { expected }, participants }) {
    const there = new Set(participants.map(({ id }) => id));
    for (const [id, tile] of this.#shown) {
      if (there.has(id)) continue;
      tile.root.remove();
      this.#shown.delete(id);
      this.#inks.delete(id);
    }
    for (const one of participants) this.#showOne(one, expected);
    this.#none.hidden = participants.length > 0;
    this.#showGroups(participants, expected);
  }

  /**
   * @param {One} one
   * @param {string | null} expected
   */
  #showOne({ id, name, text, ink }, expected) {
    let tile = this.#shown.get(id);
    if (tile === undefined) {
      tile = new WallTile();
      tile.draw(NO_INK, say("wall.waiting"));
      this.#shown.set(id, tile);
      this.#tiles.append(tile.root);
    }
    if (ink === "") {
      this.#inks.delete(id);
      tile.draw(NO_INK, say("wall.none"));
    } else if (ink !== null) {
      this.#inks.set(id, inkFrom(ink));
      tile.draw(inkFrom(ink), say("wall.ink"));
    }
    tile.say({
      text: text === null ? say("wall.waiting") : text || say("wall.none"),
      name: name ?? "",
      isWrong: isReadWrong(text, expected),
      isQuiet: text === null || text === "",
    });
  }

  /**
   * @param {One[]} people
   * @param {string | null} expected
   */
  #showGroups(people, expected) {
    const groups = groupsOf(people, this.#inks);
    this.#common.hidden = groups.every(({ count }) => count < 2);
    this.#groups.replaceChildren(...groups.map(({ text, count, mean }) => {
      const tile = new WallTile();
      tile.draw(mean, say("wall.mean", { text: text || say("wall.none") }));
      const words = text === "" ? say("wall.notRead", { count }) : say("wall.readAs", { text, count });
      tile.say({ text: words, isWrong: isReadWrong(text, expected), isQuiet: true });
      return tile.root;
    }));
    const count = people.length;
    const right = people.filter(({ text }) => text === expected).length;
    const words = expected === null ? say("wall.count", { count }) : say("wall.right", { right, count, expected });
    if (this.#count.textContent !== words) this.#count.textContent = words;
  }

  /** @param {Record<string, string | boolean | null>} changes */
  async #change(changes) {
    const body = new Blob([JSON.stringify(changes)], { type: "application/json" });
    try {
      await this.#sender.post(location.pathname, body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#complain(error.message);
    }
  }

  /** @param {string} words */
  #complain(words) {
    if (this.#trouble.textContent !== words) this.#trouble.textContent = words;
  }
}
