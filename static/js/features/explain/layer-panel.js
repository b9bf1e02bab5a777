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
import { PICTURE } from "./explained.js";
import { factsOf, longNameOf, sentenceOf } from "./layer-words.js";
import { colourSprite } from "./slabs.js";
import { liveliestFirst, placeInSprite, spanOf } from "./sprites.js";
import { Stepper } from "./stepper.js";
import { VectorView } from "./vector-view.js";

/** @typedef {import("../../api/explain.js").Layer} Layer */
/** @typedef {import("./explained.js").Explained} Explained */
/** @typedef {import("./explained.js").LayerNumbers} LayerNumbers */
/** @typedef {import("./sprites.js").Sprite} Sprite */

export class LayerPanel {
  #panel = byId("layer", HTMLElement);
  #title = byId("layer-title", HTMLElement);
  #facts = byId("layer-facts", HTMLElement);
  #words = byId("layer-words", HTMLElement);
  #mapsTitle = byId("maps-title", HTMLElement);
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
  #layer = PICTURE;
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
    const { layers } = explained.answer;
    if (this.#opened !== index) {
      this.#numbers = null;
      // What is still there is of another layer: it gives way, and keeps its room.
      this.#panel.dataset.state = "loading";
    }
    this.#explained = explained;
    this.#opened = index;
    this.#layer = index === 0 ? PICTURE : layers[index - 1];
    this.#panel.setAttribute("aria-labelledby", `tab-${index}`);
    this.#title.textContent = longNameOf(this.#layer);
    this.#facts.textContent = factsOf(this.#layer);
    this.#words.textContent = sentenceOf(this.#layer);
    this.#seen.again();
  }

  repaint() {
    this.#drawn = -1;
    this.#seen.again();
  }

  async #load() {
    const [explained, layer] = [this.#explained, this.#layer];
    if (explained === null) return;
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
    this.#mapsRoot.dataset.kind = isVector ? (count === 10 ? "digits" : "numbers") : "maps";
    this.#mapsRoot.dataset.size = shape[0] > 20 ? "large" : shape[0] > 10 ? "medium" : "small";
    if (this.#drawn !== index) this.#maps.fill(count, (map) => contentOf(layer, map));
    this.#drawn = index;
    this.#mapsTitle.textContent = titleOf(layer, count);
    this.#mapsRoot.setAttribute("aria-label", this.#mapsTitle.textContent);
    this.#mapsRoot.hidden = count === 1;
    showLegend(this.#legend, spanOf(index, sprite.range), formatNumber);
    if (!isVector) this.#paintMaps(sprite, layer);
    const first = isVector ? (count === 10 ? explained.answer.winner.digit : 0) : liveliestFirst(sprite)[0];
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
      button.setAttribute("aria-label", say("layer.map", { map: map + 1 }));
    });
  }

  get #map() {
    return this.#chosen.get(this.#layer.index) ?? 0;
  }

  /** @param {number} map */
  #chooseMap(map) {
    this.#chosen.set(this.#layer.index, map);
    this.#maps.choose(map);
    this.#showStep();
  }

  #showStep() {
    const [layer, numbers] = [this.#layer, this.#numbers];
    if (numbers === null || this.#explained === null) return;
    if (layer.shape.length === 1) this.#writeNumbers(layer, numbers.maps.values);
    const [canStep, isVector] = [Stepper.canShow(layer), this.#vector.canShow(layer)];
    this.#panel.dataset.state = "shown";
    this.#step.hidden = !canStep && !isVector;
    this.#stepTitle.textContent = say(canStep ? "layer.stepInto" : "layer.computed");
    const subject = { layer, numbers, map: this.#map, next: this.#explained.answer.layers[layer.index] };
    if (canStep) this.#stepper.show(subject);
    else this.#stepper.hide();
    if (isVector) this.#vector.show({ ...subject, sources: this.#sources });
    else this.#vector.hide();
  }

  /**
   * @param {Layer} layer
   * @param {ArrayLike<number>} values
   */
  #writeNumbers({ index }, values) {
    const scale = scaleOf(spanOf(index, extent(values)));
    this.#maps.buttons.forEach((button, i) => {
      const value = formatNumber(values[i]);
      const cell = find(button, ".map-number", HTMLElement);
      cell.textContent = value;
      colourElement(cell, values[i], scale);
      const words = { digit: i, number: i + 1, value };
      button.setAttribute("aria-label", say(values.length === 10 ? "layer.digitIs" : "layer.numberIs", words));
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
  return { maps, span: spanOf(index - 2, extent(maps.values)) };
}

/**
 * @param {Layer} layer
 * @param {number} count
 */
function titleOf({ shape }, count) {
  if (shape.length === 1) return say("layer.itsNumbers", { count });
  return count === 1 ? say("layer.itsNumbers", { count: shape[0] * shape[1] }) : say("layer.itsMaps", { count });
}

/**
 * What one of a layer's maps, or numbers, is shown in.
 *
 * @param {Layer} layer
 * @param {number} map
 */
function contentOf({ shape }, map) {
  if (shape.length > 1) return [el("canvas", { width: shape[1], height: shape[0], "aria-hidden": "true" })];
  const number = el("span", { class: "map-number" });
  return shape[0] === 10 ? [el("span", { class: "map-digit" }, String(map)), number] : [number];
}
