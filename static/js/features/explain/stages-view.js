/** From paper to 28×28: the stages as pictures, and switches that leave one out. */

import { say } from "../../text/catalogue.js";
import { withArticle } from "../../text/digits.js";
import { paintedCanvas } from "../../widgets/canvas.js";
import { byId, el, findAll } from "../../widgets/element.js";
import { formatPercent } from "../../widgets/numbers.js";
import { INK } from "../../widgets/scales.js";
import { wordsOfStage } from "./layer-words.js";
import { stageOf } from "./stage.js";

/** @typedef {import("./explained.js").Explained} Explained */

export class StagesView {
  #list = byId("stages", HTMLElement);
  #panel = byId("switches", HTMLElement);
  #boxes = byId("switch-boxes", HTMLElement);
  #with = byId("with-all", HTMLElement);
  #without = byId("with-less", HTMLElement);
  #names = "";
  /** @type {Explained | null} */
  #before = null;
  /** @type {Explained | null} */
  #explained = null;
  #onSwitch;

  /**
   * `onSwitch(names)` is called with the stages that are to be left out.
   *
   * @param {(names: string[]) => void} onSwitch
   */
  constructor(onSwitch) {
    this.#onSwitch = onSwitch;
  }

  /**
   * @param {Explained} explained
   * @param {string[]} without
   */
  show(explained, without) {
    const { answer } = explained;
    this.#explained = explained;
    this.#list.replaceChildren(...answer.stages.map(({ name, image }) => stageOf(image, ...wordsOfStage(name))));
    this.#showSwitches(answer.switches ?? []);
    if (without.length === 0) this.#before = explained;
    this.#compare(explained, without);
  }

  repaint() {
    if (this.#explained !== null) this.show(this.#explained, this.#leftOut());
  }

  /** All switches as they were at the beginning: another picture is explained with every stage. */
  reset() {
    for (const box of this.#switches) box.checked = true;
  }

  get #switches() {
    return findAll(this.#boxes, "input", HTMLInputElement);
  }

  /** @param {{ name: string, label?: string }[]} switches */
  #showSwitches(switches) {
    this.#panel.hidden = switches.length === 0;
    const names = switches.map(({ name }) => name).join();
    if (names === this.#names) return;
    this.#names = names;
    this.#boxes.replaceChildren(...switches.map((one) => this.#switchOf(one)));
  }

  /** @param {{ name: string, label?: string }} one */
  #switchOf({ name, label }) {
    const change = () => this.#onSwitch(this.#leftOut());
    const box = el("input", { type: "checkbox", name, checked: "", change });
    return el("label", { class: "switch" }, box, el("span", {}, label ?? wordsOfStage(name)[0]));
  }

  #leftOut() {
    return this.#switches.filter(({ checked }) => !checked).map(({ name }) => name);
  }

  /**
   * @param {Explained} explained
   * @param {string[]} without
   */
  #compare(explained, without) {
    this.#without.hidden = without.length === 0;
    if (this.#before === null) return;
    fillComparison(this.#with, say("stages.withAll"), this.#before);
    if (without.length > 0) fillComparison(this.#without, say("stages.asNow"), explained);
  }
}

/**
 * What the network was shown, and what it said.
 *
 * @param {HTMLElement} place
 * @param {string} title
 * @param {Explained} explained
 */
function fillComparison(place, title, { answer: { winner: { digit }, probabilities, refusal }, pixels }) {
  const picture = paintedCanvas(pixels, INK);
  picture.className = "comparison-picture";
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", say("stages.seen"));
  const columns = probabilities.map((probability, i) => columnOf(probability, i, i === digit));
  const code = refusal === null ? "stages.read" : "stages.refused";
  const words = say(code, { digit: withArticle(digit), percent: formatPercent(probabilities[digit]) });
  place.replaceChildren(
    el("p", { class: "comparison-title" }, title),
    picture,
    el("div", { class: "columns", "aria-hidden": "true" }, ...columns),
    el("p", { class: "comparison-words" }, words),
  );
}

/**
 * @param {number} probability
 * @param {number} digit
 * @param {boolean} isWinner
 */
function columnOf(probability, digit, isWinner) {
  const fill = el("span", { class: "column-fill" });
  fill.style.transform = `scaleY(${probability})`;
  const track = el("span", { class: "column-track" }, fill);
  return el("span", { class: isWinner ? "column is-winner" : "column" }, track, String(digit));
}
