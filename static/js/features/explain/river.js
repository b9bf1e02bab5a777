/** The whole network in one row: every layer as a stack of its maps, to scale, and a tab to open it. */

import { pause } from "../../api/pause.js";
import { say } from "../../text/catalogue.js";
import { byId, el } from "../../widgets/element.js";
import { formatCount, formatShape } from "../../widgets/numbers.js";
import { whenSeen } from "../../widgets/when-seen.js";
import { longNameOf, shortNameOf } from "./layer-words.js";
import { paintColumn, paintStack } from "./slabs.js";

/** Between two questions for a layer's maps. */
const PACE_MS = 20;

/** @typedef {import("../../api/explain.js").Layer} Layer */
/** @typedef {{ tab: HTMLButtonElement, canvas: HTMLCanvasElement, layer: Layer }} Tab */

export class River {
  #list = byId("river", HTMLElement);
  #onChoose;
  /** @type {Tab[]} */
  #tabs = [];
  /** @type {import("./explained.js").Explained | null} */
  #explained = null;
  #run = 0;
  #chosen = 1;
  #seen = whenSeen(this.#list, () => this.#paintAll());

  /** @param {(index: number) => void} onChoose */
  constructor(onChoose) {
    this.#onChoose = onChoose;
    this.#list.addEventListener("keydown", (event) => this.#keyed(event));
  }

  /** @param {import("./explained.js").Explained} explained */
  show(explained) {
    const { layers } = explained;
    if (this.#tabs.length !== layers.length) this.#build(layers);
    this.#explained = explained;
    this.choose(Math.min(this.#chosen, layers.length - 1));
    this.#seen.again();
  }

  repaint() {
    this.#seen.again();
  }

  /** @param {number} index */
  choose(index) {
    this.#chosen = index;
    this.#tabs.forEach(({ tab }, i) => {
      tab.setAttribute("aria-selected", String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
    });
  }

  /** @param {Layer[]} layers */
  #build(layers) {
    this.#tabs = layers.map((layer) => tabOf(layer, () => this.#onChoose(layer.index)));
    this.#list.replaceChildren(...this.#tabs.map(({ tab }) => tab));
  }

  /** One after the other, since a class shares one address and so one limit; the newest run counts. */
  async #paintAll() {
    const explained = this.#explained;
    if (explained === null) return;
    this.#run += 1;
    const mine = this.#run;
    for (const { canvas, layer } of this.#tabs) {
      const isKnown = explained.hasSprite(layer.index);
      const sprite = await explained.sprite(layer.index).catch(() => null);
      if (mine !== this.#run) return;
      if (sprite === null) continue;
      if (layer.shape.length === 3) paintStack(canvas, sprite, layer, explained.picture);
      else paintColumn(canvas, sprite, layer, explained.namesOf(layer), explained.winner);
      if (!isKnown) await pause(PACE_MS);
    }
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const last = this.#tabs.length - 1;
    /** @type {Record<string, number>} */
    const places = { ArrowLeft: this.#chosen - 1, ArrowRight: this.#chosen + 1, Home: 0, End: last };
    const next = places[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, next));
    this.#onChoose(index);
    this.#tabs[index].tab.focus();
  }
}

/**
 * @param {Layer} layer
 * @param {() => void} click
 * @returns {Tab}
 */
function tabOf(layer, click) {
  const { index, shape, parameters } = layer;
  const said = say("layer.tab", { index, name: longNameOf(layer), parameters: formatCount(parameters) });
  const canvas = el("canvas", { class: "slab" });
  const properties = {
    type: "button",
    class: "river-tab",
    role: "tab",
    id: `tab-${index}`,
    "aria-controls": "layer",
    click,
  };
  const tab = el(
    "button",
    properties,
    el("span", { class: "river-slab" }, canvas),
    el("span", { class: "river-name" }, shortNameOf(layer)),
    el("span", { class: "river-shape" }, ...breakableShape(shape)),
    el("span", { class: "visually-hidden" }, said),
  );
  return { tab, canvas, layer };
}

/**
 * A shape that may break before the number of maps.
 *
 * @param {number[]} shape
 */
function breakableShape(shape) {
  return [formatShape(shape.slice(0, 2)), ...shape.slice(2).map((maps) => ` ×\u00a0${maps}`)];
}
