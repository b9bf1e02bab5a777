/**
 * Labelling in the gallery, by key or with the strip below.
 *
 * While it is on, a click chooses a picture and Enter says "right"; while it is off, both open the
 * picture, as links do. A key for a label, pressed on a picture, turns it on.
 */

import { indexForKey } from "../../widgets/grid.js";
import { keep, kept } from "../../session/keep.js";
import { describeOwnLabel, describePicture, labelForKey } from "../../text/labels.js";
import { SendError } from "../../api/send.js";
import { Tile } from "./tile.js";

const KEPT_MODE = "digitnet.labelling";

export class Labelling {
  #list;
  #strip;
  #modeButton;
  #sender;
  #tiles;
  #chosen = null;
  #isOn = false;

  constructor({ list, strip, modeButton, sender }) {
    this.#list = list;
    this.#strip = strip;
    this.#modeButton = modeButton;
    this.#sender = sender;
    this.#tiles = [...list.children].map((element) => new Tile(element));
    list.addEventListener("focusin", ({ target }) => this.#choose(this.#tiles.find(({ link }) => link === target)));
    list.addEventListener("click", (event) => this.#clicked(event));
    strip.addEventListener("click", (event) => this.#pressed(event));
    modeButton.addEventListener("click", () => this.#turn(!this.#isOn));
    addEventListener("keydown", (event) => this.#typed(event));
    modeButton.hidden = false;
    if (kept(KEPT_MODE) === "on") this.#turn(true);
  }

  #turn(isOn) {
    this.#isOn = isOn;
    keep(KEPT_MODE, isOn ? "on" : "");
    this.#modeButton.setAttribute("aria-pressed", String(isOn));
    this.#list.classList.toggle("is-labelling", isOn);
    this.#strip.hidden = !isOn;
    const firstOfMine = this.#tiles.find(({ canLabel }) => canLabel);
    this.#choose(this.#chosen?.canLabel ? this.#chosen : firstOfMine);
  }

  #choose(tile) {
    this.#chosen?.choose(false);
    this.#chosen = tile;
    if (tile === undefined || !this.#isOn) return;
    tile.choose(true);
    this.#say(`${tile.name}: ${describePicture(tile)}.${describeOwnLabel(tile)}`);
    this.#strip.querySelector("#strip-open").href = tile.link.href;
    for (const button of this.#strip.querySelectorAll("[data-label]")) {
      button.setAttribute("aria-disabled", String(!tile.canLabel));
      if (button.hasAttribute("aria-pressed")) {
        button.setAttribute("aria-pressed", String(button.dataset.label === tile.ownLabel));
      }
    }
  }

  #say(sentence, isProblem = false) {
    const words = this.#strip.querySelector(".strip-words");
    words.textContent = sentence;
    words.classList.toggle("is-problem", isProblem);
  }

  async #label(tile, word) {
    if (!tile.canLabel) {
      this.#say("Only its owner can say what this picture shows.", true);
      return;
    }
    try {
      const answer = await this.#sender.post(tile.labelUrl, new URLSearchParams({ label: word }));
      const ownLabel = answer.label ?? "";
      tile.show(answer.label_for_all ?? ownLabel, ownLabel);
      if (tile === this.#chosen) this.#choose(tile);
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      this.#say(`${tile.name} keeps the label that it had: ${error.message}`, true);
    }
  }

  #clicked(event) {
    const tile = this.#tiles.find(({ link }) => link.contains(event.target));
    const isForTab = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!this.#isOn || !tile?.canLabel || isForTab) return;
    event.preventDefault();
    this.#choose(tile);
    tile.link.focus();
  }

  #pressed({ target }) {
    const word = target.closest("[data-label]")?.dataset.label;
    if (word === undefined || !this.#chosen) return;
    this.#label(this.#chosen, word === "right" ? this.#chosen.digit : word);
  }

  #typed(event) {
    const { target } = event;
    const isOnPicture = this.#list.contains(target) || (this.#isOn && target === document.body);
    const isOnControl = this.#isOn && (target === this.#modeButton || this.#strip.contains(target));
    if (!isOnPicture && !isOnControl) return;
    if (event.key === "Escape" && this.#isOn) this.#turn(false);
    else if (!this.#moved(event, isOnPicture)) this.#labelled(event, isOnPicture);
  }

  #moved(event, isOnPicture) {
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    const columns = getComputedStyle(this.#list).gridTemplateColumns.split(" ").length;
    const index = indexForKey(event.key, this.#tiles.indexOf(this.#chosen), this.#tiles.length, columns);
    if (index === undefined) return false;
    event.preventDefault();
    const tile = this.#tiles[index];
    this.#choose(tile);
    if (isOnPicture) tile.link.focus();
    else tile.link.scrollIntoView({ block: "nearest" });
    return true;
  }

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
