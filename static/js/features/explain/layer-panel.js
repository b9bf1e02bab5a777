/** The layer that is opened: what it does, all of its maps, and one of them step by step. */

import { ApiError } from "../../api/error.js";
import { say } from "../../text/catalogue.js";
import { byId, contextOf, el, find } from "../../widgets/element.js";
import { showLegend } from "../../widgets/legend.js";
import { extent } from "../../widgets/matrix.js";
import { formatNumber } from "../../widgets/numbers.js";
import { colourElement, scaleOf } from "../../widgets/scales.js";
import { whenSeen } from "../../widgets/when-seen.js";
import { ChoiceGrid } from "./choice-grid.js";
import { factsOf, longNameOf, nameOfMap, sentenceOf } from "./layer-words.js";
import { colourSprite } from "./slabs.js";
import { liveliestFirst, placeInSprite, spanOf } from "./sprites.js";
import { Stepper } from "./stepper.js";
import { VectorView } from "./vector-view.js";

/** @typedef {import("../../api/explain.js").Layer} Layer */
/** @typedef {import("./explained.js").Explained} Explained */
/** @typedef {import("./explained.js").LayerNumbers} LayerNumbers */
/** @typedef {import("./sprites.js").Sprite} Sprite */

/** More single numbers than these would be slow to show, and nobody reads them. */
const MOST_NUMBERS = 1024;

export class LayerPanel {
  #panel = byId("layer", HTMLElement);
  #title = byId("layer-title", HTMLElement);
  #facts = byId("layer-facts", HTMLElement);
  #words = byId("layer-words", HTMLElement);
  #mapsTitle = byId("maps-title", HTMLElement);
  #mapsPart = find(this.#panel, ".layer-maps", HTMLElement);
  #mapsRoot = byId("maps", HTMLElement);
  #maps = new ChoiceGrid(this.#mapsRoot, "map-choice", (map) => this.#chooseMap(map));
  #legend = byId("maps-legend", HTMLElement);
  #step = byId("step", HTMLElement);
  #stepTitle = byId("step-title", HTMLElement);
  #trouble = byId("step-trouble", HTMLElement);
  #stepper = new Stepper();
  #vector = new VectorView();
  #seen = whenSeen(this.#panel, () => this.#load());
  /** @type {Explained | null} */
  #explained = null;
  /** @type {Layer | null} */
  #layer = null;
  /** @type {LayerNumbers | null} */
  #numbers = null;
  /** @type {import("./vector-view.js").Sources | null} */
  #sources = null;
  #opened = -1;
  #drawn = -1;
  /** @type {Map<number, number>} The map that was chosen in each layer, which stays chosen after the next stroke. */
  #chosen = new Map();

  /**
   * @param {Explained} explained
   * @param {number} index
   */
  show(explained, index) {
    if (this.#opened !== index) {
      this.#numbers = null;
      // What is still there is of another layer: it gives way, and keeps its room.
      this.#panel.dataset.state = "loading";
    }
    this.#explained = explained;
    this.#opened = index;
    const layer = explained.layers[index];
    this.#layer = layer;
    this.#panel.setAttribute("aria-labelledby", `tab-${index}`);
    this.#title.textContent = longNameOf(layer);
    this.#facts.textContent = factsOf(layer);
    this.#words.textContent = sentenceOf(layer, { role: explained.roleOf(layer), names: explained.names });
    this.#seen.again();
  }

  repaint() {
    this.#drawn = -1;
    this.#seen.again();
  }

  async #load() {
    const [explained, layer] = [this.#explained, this.#layer];
    if (explained === null || layer === null) return;
    const isCurrent = () => explained === this.#explained && layer === this.#layer;
    try {
      const sprite = await explained.sprite(layer.index);
      if (!isCurrent()) return;
      this.#showMaps(explained, layer, sprite);
      const [numbers, sources] = await Promise.all([explained.layer(layer.index), sourcesOf(layer, explained)]);
      if (!isCurrent()) return;
      this.#numbers = numbers;
      this.#sources = sources;
      this.#trouble.hidden = true;
      this.#showStep();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!isCurrent() || error.kind === "overtaken") return;
      this.#trouble.hidden = false;
      this.#trouble.textContent = say("layer.trouble", { problem: error.message });
    }
  }

  /**
   * @param {Explained} explained
   * @param {Layer} layer
   * @param {Sprite} sprite
   */
  #showMaps(explained, layer, sprite) {
    const { index, shape } = layer;
    const isVector = shape.length === 1;
    const count = isVector ? shape[0] : shape[2];
    const names = explained.namesOf(layer);
    this.#mapsRoot.dataset.kind = isVector ? (names.length > 0 ? explained.roleOf(layer) : "numbers") : "maps";
    this.#mapsRoot.dataset.size = shape[0] > 20 ? "large" : shape[0] > 10 ? "medium" : "small";
    const shown = isVector ? Math.min(count, MOST_NUMBERS) : count;
    if (this.#drawn !== index) this.#maps.fill(shown, (map) => contentOf(layer, names[map]));
    this.#drawn = index;
    this.#mapsTitle.textContent = titleOf(layer, count);
    this.#mapsRoot.setAttribute("aria-label", this.#mapsTitle.textContent);
    this.#mapsRoot.hidden = count === 1;
    this.#mapsPart.hidden = isVector && count === 1;
    showLegend(this.#legend, spanOf(layer, sprite.range), formatNumber);
    if (!isVector) this.#paintMaps(sprite, layer);
    const first = isVector ? (names.length > 0 ? explained.winner : 0) : liveliestFirst(sprite)[0];
    if (!this.#chosen.has(index)) this.#chosen.set(index, first);
    this.#maps.choose(this.#map);
  }

  /**
   * @param {Sprite} sprite
   * @param {Layer} layer
   */
  #paintMaps(sprite, layer) {
    const colours = colourSprite(sprite, layer);
    this.#maps.buttons.forEach((button, map) => {
      const { x, y, width, height } = placeInSprite(sprite, map);
      const context = contextOf(find(button, "canvas", HTMLCanvasElement));
      context.drawImage(colours, x, y, width, height, 0, 0, width, height);
      button.setAttribute("aria-label", nameOfMap(layer, map));
    });
  }

  get #map() {
    return this.#chosen.get(this.#opened) ?? 0;
  }

  /** @param {number} map */
  #chooseMap(map) {
    this.#chosen.set(this.#opened, map);
    this.#maps.choose(map);
    this.#showStep();
  }

  #showStep() {
    const [explained, layer, numbers] = [this.#explained, this.#layer, this.#numbers];
    if (numbers === null || explained === null || layer === null) return;
    if (layer.shape.length === 1) this.#writeNumbers(explained, layer, numbers.maps.values);
    const [canStep, isVector] = [Stepper.canShow(layer), this.#vector.canShow(layer)];
    this.#panel.dataset.state = "shown";
    this.#step.hidden = !canStep && !isVector;
    this.#stepTitle.textContent = say(canStep ? "layer.stepInto" : "layer.computed");
    const [before, , next] = [-1, 0, 1].map((by) => explained.layers[layer.index + by]);
    const subject = { layer, before: before ?? layer, next, numbers, map: this.#map };
    if (canStep) this.#stepper.show(subject);
    else this.#stepper.hide();
    const { names, winner } = explained;
    const meaning = { sources: this.#sources, role: explained.roleOf(layer), names, winner };
    if (isVector) this.#vector.show({ ...subject, ...meaning });
    else this.#vector.hide();
  }

  /**
   * @param {Explained} explained
   * @param {Layer} layer
   * @param {ArrayLike<number>} values
   */
  #writeNumbers(explained, layer, values) {
    const scale = scaleOf(spanOf(layer, extent(values)));
    const [role, names] = [explained.roleOf(layer), explained.namesOf(layer)];
    this.#maps.buttons.forEach((button, i) => {
      const value = formatNumber(values[i]);
      const cell = find(button, ".map-number", HTMLElement);
      cell.textContent = value;
      colourElement(cell, values[i], scale);
      const words = { digit: i, name: names[i], number: i + 1, value };
      const code = role === "digits" ? "layer.digitIs" : role === "classes" ? "layer.classIs" : "layer.numberIs";
      button.setAttribute("aria-label", say(code, words));
    });
  }
}

/**
 * The maps whose means a dense layer adds up, where it follows a global average.
 *
 * @param {Layer} layer
 * @param {Explained} explained
 */
async function sourcesOf({ index, kind }, explained) {
  const { layers } = explained.answer;
  if (kind !== "Dense" || layers[index - 2]?.kind !== "GlobalAveragePool2D") return null;
  const { maps } = await explained.layer(index - 2);
  return { maps, span: spanOf(explained.layers[index - 2], extent(maps.values)) };
}

/**
 * @param {Layer} layer
 * @param {number} count
 */
function titleOf({ shape }, count) {
  if (shape.length === 1 && count > MOST_NUMBERS) return say("layer.itsFirst", { shown: MOST_NUMBERS, count });
  if (shape.length === 1) return say("layer.itsNumbers", { count });
  return count === 1 ? say("layer.itsNumbers", { count: shape[0] * shape[1] }) : say("layer.itsMaps", { count });
}

/**
 * What one of a layer's maps, or numbers, is shown in.
 *
 * @param {Layer} layer
 * @param {string | undefined} name
 */
function contentOf({ shape }, name) {
  if (shape.length > 1) return [el("canvas", { width: shape[1], height: shape[0], "aria-hidden": "true" })];
  const number = el("span", { class: "map-number" });
  return name === undefined ? [number] : [el("span", { class: "map-digit" }, name), number];
}
