/** The layer that is opened: what it does, all of its maps, and one of them step by step. */

import { formatCount, formatNumber, formatShape, rangeOf } from "../../widgets/numbers.js";
import { ChoiceGrid } from "./choice-grid.js";
import { colourSprite, liveliestFirst, placeInSprite, scaleOf, showLegend } from "./colouring.js";
import { el, whenSeen } from "../../widgets/element.js";
import { paintCell } from "./number-grid.js";
import { Stepper } from "./stepper.js";
import { showAverage, showDense, showSoftmax } from "./vectors.js";
import { longNameOf, sentenceOf } from "./words.js";

const VECTORS = { GlobalAveragePool2D: showAverage, Dense: showDense, Softmax: showSoftmax };

export class LayerPanel {
  #panel = document.getElementById("layer");
  #title = document.getElementById("layer-title");
  #facts = document.getElementById("layer-facts");
  #words = document.getElementById("layer-words");
  #mapsTitle = document.getElementById("maps-title");
  #maps = new ChoiceGrid(document.getElementById("maps"), "map", (map) => this.#chooseMap(map));
  #mapsRoot = document.getElementById("maps");
  #legend = document.getElementById("maps-legend");
  #step = document.getElementById("step");
  #stepTitle = document.getElementById("step-title");
  #vector = document.getElementById("vector");
  #trouble = document.getElementById("step-trouble");
  #stepper = new Stepper();
  #seen = whenSeen(this.#panel, () => this.#load());
  #explained = null;
  #layer = null;
  #numbers = null;
  /** The maps whose means the layer adds up, where it does. */
  #sources = null;
  #drawn = -1;
  /** The map that was chosen in each layer: it is still the chosen one after the next stroke. */
  #chosen = new Map();

  show(explained, index) {
    const { layers } = explained.answer;
    if (this.#layer?.index !== index) {
      this.#numbers = null;
      // What is still there is of another layer: it gives way, and keeps its room.
      this.#panel.dataset.state = "loading";
    }
    this.#explained = explained;
    this.#layer = index === 0 ? { index: 0, kind: "picture", shape: [28, 28, 1], parameters: 0 } : layers[index - 1];
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
      this.#showMaps(sprite);
      const [numbers, sources] = await Promise.all([explained.layer(layer.index), this.#sourcesOf(layer, explained)]);
      if (!isCurrent()) return;
      this.#numbers = numbers;
      this.#sources = sources;
      this.#trouble.hidden = true;
      this.#showStep();
    } catch (error) {
      if (!isCurrent() || error.kind === "overtaken") return;
      this.#trouble.hidden = false;
      this.#trouble.textContent = `This layer could not be loaded: ${error.message}.`;
    }
  }

  /** The maps whose means a dense layer adds up, where it follows a global average. */
  async #sourcesOf({ index, kind }, explained) {
    const { layers } = explained.answer;
    if (kind !== "Dense" || layers[index - 2]?.kind !== "GlobalAveragePool2D") return null;
    const { maps } = await explained.layer(index - 2);
    return { maps, scale: scaleOf(index - 2, rangeOf(maps.values)) };
  }

  #showMaps(sprite) {
    const layer = this.#layer;
    const isVector = layer.shape.length === 1;
    const count = isVector ? layer.shape[0] : layer.shape[2];
    const scale = scaleOf(layer.index, sprite.range);
    this.#mapsRoot.dataset.kind = isVector ? (count === 10 ? "digits" : "numbers") : "maps";
    this.#mapsRoot.dataset.size = layer.shape[0] > 20 ? "large" : layer.shape[0] > 10 ? "medium" : "small";
    if (this.#drawn !== layer.index) this.#maps.fill(count, (map) => contentOf(layer, map, isVector));
    this.#drawn = layer.index;
    this.#mapsTitle.textContent = isVector ? `Its ${count} numbers` : count === 1 ? "Its 784 numbers" : `Its ${count} maps`;
    this.#mapsRoot.hidden = count === 1;
    showLegend(this.#legend, scale);
    this.#mapsRoot.setAttribute("aria-label", this.#mapsTitle.textContent);
    const colours = colourSprite(sprite, scale);
    if (!isVector) this.#maps.buttons.forEach((button, map) => paintMap(button, colours, placeInSprite(sprite, map), map));
    if (!this.#chosen.has(layer.index)) this.#chosen.set(layer.index, this.#firstChoice(sprite, isVector, count));
    this.#maps.choose(this.#chosen.get(layer.index));
  }

  /** The map with most to see, or the digit that won. */
  #firstChoice(sprite, isVector, count) {
    if (!isVector) return liveliestFirst(sprite)[0];
    return count === 10 ? this.#explained.answer.digit : 0;
  }

  #chooseMap(map) {
    this.#chosen.set(this.#layer.index, map);
    this.#maps.choose(map);
    this.#showStep();
  }

  #showStep() {
    const layer = this.#layer;
    const numbers = this.#numbers;
    if (numbers === null) return;
    const map = this.#chosen.get(layer.index);
    if (layer.shape.length === 1) this.#showNumbers(numbers);
    const canStep = Stepper.canShow(layer);
    const showVector = VECTORS[layer.kind];
    this.#panel.dataset.state = "shown";
    this.#step.hidden = !canStep && !showVector;
    this.#vector.hidden = !showVector;
    this.#stepTitle.textContent = canStep ? "Step into it" : "How it is computed";
    const subject = { layer, numbers, map, sources: this.#sources, next: this.#explained.answer.layers[layer.index] };
    if (canStep) this.#stepper.show(subject);
    else this.#stepper.hide();
    showVector?.(this.#vector, subject);
  }

  #showNumbers({ maps }) {
    const scale = scaleOf(this.#layer.index, rangeOf(maps.values));
    this.#maps.buttons.forEach((button, i) => {
      const text = formatNumber(maps.values[i], 2);
      const cell = button.querySelector(".map-number");
      cell.textContent = text;
      paintCell(cell, maps.values[i], scale);
      button.setAttribute("aria-label", `${maps.values.length === 10 ? "Digit" : "Number"} ${maps.values.length === 10 ? i : i + 1}: ${text}`);
    });
  }
}

function factsOf({ index, shape, parameters }) {
  const what = shape.length === 1 ? `${shape[0]} numbers` : `${formatShape(shape)} numbers`;
  const learnt = parameters === 0 ? "nothing learnt" : `${formatCount(parameters)} parameters learnt`;
  return index === 0 ? what : `Layer ${index} · ${what} · ${learnt}`;
}

function contentOf({ shape }, map, isVector) {
  if (!isVector) return [el("canvas", { width: shape[1], height: shape[0], "aria-hidden": "true" })];
  return [...(shape[0] === 10 ? [el("span", { class: "map-digit" }, String(map))] : []), el("span", { class: "map-number" })];
}

function paintMap(button, colours, { x, y, width, height }, map) {
  const canvas = button.querySelector("canvas");
  canvas.getContext("2d").drawImage(colours, x, y, width, height, 0, 0, width, height);
  button.setAttribute("aria-label", `Map ${map + 1}`);
}
