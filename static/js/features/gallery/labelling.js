/**
 * Labelling in the gallery, by key or with the strip below.
 *
 * While it is on, a click chooses a picture and Enter says "right"; while it is off, both open the
 * picture, as links do. A key for a label, pressed on a picture, turns it on.
 */

import { ApiError } from "../../api/error.js";
import { keep, kept } from "../../session/keep.js";
import { say } from "../../text/catalogue.js";
import { find, findAll } from "../../widgets/element.js";
import { indexForKey } from "../../widgets/grid-keys.js";
import { labelForKey } from "../../widgets/label-keys.js";
import { Tile } from "./tile.js";
import { describeChosen } from "./words.js";

const KEPT_MODE = "digitnet.labelling";

export class Labelling {
  #list;
  #strip;
  #modeButton;
  #sender;
  /** @type {Tile[]} */
  #tiles;
  /** @type {Tile | undefined} */
  #chosen;
  #isOn = false;

  /**
   * @param {object} options
   * @param {HTMLElement} options.list
   * @param {HTMLElement} options.strip
   * @param {HTMLElement} options.modeButton
   * @param {import("../../api/sender.js").Sender} options.sender
   */
  constructor({ list, strip, modeButton, sender }) {
    this.#list = list;
    this.#strip = strip;
    this.#modeButton = modeButton;
    this.#sender = sender;
    this.#tiles = findAll(list, ".tile", HTMLElement).map((element) => new Tile(element));
    list.addEventListener("focusin", ({ target }) => this.#choose(this.#tiles.find(({ link }) => link === target)));
    list.addEventListener("click", (event) => this.#clicked(event));
    strip.addEventListener("click", (event) => this.#pressed(event));
    modeButton.addEventListener("click", () => this.#turn(!this.#isOn));
    addEventListener("keydown", (event) => this.#typed(event));
    modeButton.hidden = false;
    if (kept(KEPT_MODE) === "on") this.#turn(true);
  }

  /** @param {boolean} isOn */
  #turn(isOn) {
    this.#isOn = isOn;
    keep(KEPT_MODE, isOn ? "on" : "");
    this.#modeButton.setAttribute("aria-pressed", String(isOn));
    this.#list.classList.toggle("is-labelling", isOn);
    this.#strip.hidden = !isOn;
    const firstOfMine = this.#tiles.find(({ canLabel }) => canLabel);
    this.#choose(this.#chosen?.canLabel ? this.#chosen : firstOfMine);
  }

  /** @param {Tile | undefined} tile */
  #choose(tile) {
    this.#chosen?.choose(false);
    this.#chosen = tile;
    if (tile === undefined || !this.#isOn) return;
    tile.choose(true);
    this.#say(describeChosen(tile));
    find(this.#strip, "#strip-open", HTMLAnchorElement).href = tile.link.href;
    for (const button of findAll(this.#strip, "[data-label]", HTMLElement)) {
      button.setAttribute("aria-disabled", String(!tile.canLabel));
      if (button.hasAttribute("aria-pressed")) {
        button.setAttribute("aria-pressed", String(button.dataset.label === tile.ownLabel));
      }
    }
  }

  /**
   * @param {string} sentence
   * @param {boolean} [isProblem]
   */
  #say(sentence, isProblem = false) {
    const words = find(this.#strip, ".strip-words", HTMLElement);
    words.textContent = sentence;
    words.classList.toggle("is-problem", isProblem);
  }

  /**
   * @param {Tile} tile
   * @param {string} word
   */
  async #label(tile, word) {
    if (tile.labelUrl === undefined) {
      this.#say(say("gallery.notYours"), true);
      return;
    }
    try {
      const answer = await this.#sender.post(tile.labelUrl, new URLSearchParams({ label: word }));
      const ownLabel = answer.label ?? "";
      tile.show(answer.label_for_all ?? ownLabel, ownLabel);
      if (tile === this.#chosen) this.#choose(tile);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#say(say("gallery.notLabelled", { name: tile.name, problem: error.message }), true);
    }
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const { target } = event;
    const tile = this.#tiles.find(({ link }) => target instanceof Node && link.contains(target));
    const isForTab = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!this.#isOn || !tile?.canLabel || isForTab) return;
    event.preventDefault();
    this.#choose(tile);
    tile.link.focus();
  }

  /** @param {MouseEvent} event */
  #pressed({ target }) {
    const button = target instanceof Element ? target.closest("[data-label]") : null;
    const word = button instanceof HTMLElement ? button.dataset.label : undefined;
    if (word === undefined || !this.#chosen) return;
    this.#label(this.#chosen, word === "right" ? this.#chosen.digit : word);
  }

  /** @param {KeyboardEvent} event */
  #typed(event) {
    const target = event.target instanceof Node ? event.target : null;
    const isOnPicture = this.#list.contains(target) || (this.#isOn && target === document.body);
    const isOnControl = this.#isOn && (target === this.#modeButton || this.#strip.contains(target));
    if (!isOnPicture && !isOnControl) return;
    if (event.key === "Escape" && this.#isOn) this.#turn(false);
    else if (!this.#moved(event, isOnPicture)) this.#labelled(event, isOnPicture);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {boolean} isOnPicture
   */
  #moved(event, isOnPicture) {
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    const columns = getComputedStyle(this.#list).gridTemplateColumns.split(" ").length;
    const now = this.#tiles.findIndex((tile) => tile === this.#chosen);
    const index = indexForKey(event.key, now, this.#tiles.length, columns);
    if (index === undefined) return false;
    event.preventDefault();
    const tile = this.#tiles[index];
    this.#choose(tile);
    if (isOnPicture) tile.link.focus();
    else tile.link.scrollIntoView({ block: "nearest" });
    return true;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {boolean} isOnPicture
   */
  #labelled(event, isOnPicture) {
    const tile = this.#chosen;
    if (!tile || event.repeat) return;
    // Enter opens a link and presses a button, but on pictures that are being labelled.
    if (event.key === "Enter" && !(this.#isOn && isOnPicture && tile.canLabel)) return;
    const word = labelForKey(event, tile.digit);
    if (word === undefined) return;
    event.preventDefault();
    if (!this.#isOn) this.#turn(true);
    this.#choose(tile);
    this.#label(tile, word);
  }
}
