/** Steps through a layer pixel by pixel: its input on one side, its output on the other, the sum between. */

import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { channelOf } from "../../widgets/layers.js";
import { extent, placeOfHighest } from "../../widgets/matrix.js";
import { formatNumber } from "../../widgets/numbers.js";
import { CaptionedMap } from "./captioned-map.js";
import { ConvolutionSum } from "./convolution-sum.js";
import { Player } from "./player.js";
import { ELEMENTWISE } from "./element-terms.js";
import { wordsOfInput, wordsOfOutput } from "./layer-words.js";
import { spanOf } from "./sprites.js";
import { WindowSum } from "./window-sum.js";

/** The layers that this can step through. */
const KINDS = new Set(["picture", "photograph", "Conv2D", "MaxPool2D", "MinPool2D", "AveragePool2D", ...ELEMENTWISE]);

/** How long the pixel has to rest before it is read out. */
const QUIET_MS = 350;

/** @typedef {import("../../api/explain.js").Layer} Layer */
/** @typedef {import("../../widgets/grid-keys.js").Place} Place */

/**
 * A layer, the one before it, the one after it, its arrays, and which map is looked at.
 *
 * @typedef {object} Subject
 * @property {Layer} layer
 * @property {Layer} before of the picture, the picture itself
 * @property {Layer | undefined} next
 * @property {import("./explained.js").LayerNumbers} numbers
 * @property {number} map
 */

/**
 * The same with the scales of the maps that the layer was given, and that at one place.
 *
 * @typedef {Subject & { inputSpan: (map: number) => import("../../widgets/scales.js").Span }} ScaledSubject
 * @typedef {ScaledSubject & { place: Place }} PlacedSubject
 */

/**
 * What was computed at a place: from which channel of the input, where it looked, the terms, their result.
 *
 * @typedef {object} Computed
 * @property {number} channel
 * @property {import("../../widgets/map-view.js").Frame} frame
 * @property {HTMLElement[]} terms
 * @property {number} value
 */

export class Stepper {
  #root = byId("stepper", HTMLElement);
  #in = new CaptionedMap("map-in", "map-in-words");
  #out = new CaptionedMap("map-out", "map-out-words");
  #inFigure = byId("step-in", HTMLElement);
  #terms = byId("terms", HTMLElement);
  #place = byId("place", HTMLElement);
  #spoken = byId("step-spoken", HTMLElement);
  #convolution = new ConvolutionSum(() => this.#schedule());
  #window = new WindowSum();
  #player = new Player({ onStep: () => this.#step(1), onState: (isPlaying) => this.#played(isPlaying) });
  /** @type {ScaledSubject | null} */
  #subject = null;
  /** @type {Place | null} Where the reader is, as shares of the map's sides: on another map it is the same. */
  #share = null;
  #shown = { channel: -1, map: -1 };
  #frame = 0;
  /** @type {number | undefined} */
  #speech;

  constructor() {
    this.#out.view.attachPointing({
      place: () => this.#placeNow(),
      onPlace: (place) => {
        this.#player.stop();
        this.#goTo(place);
      },
      onPlay: () => this.#player.toggle(),
    });
    byId("step-back", HTMLElement).addEventListener("click", () => this.#stepByHand(-1));
    byId("step-on", HTMLElement).addEventListener("click", () => this.#stepByHand(1));
  }

  /** @param {Layer} layer */
  static canShow({ kind, shape }) {
    return KINDS.has(kind) && shape.length === 3;
  }

  /** @param {Subject} subject */
  show(subject) {
    this.#root.hidden = false;
    if (this.#subject?.layer.index !== subject.layer.index) {
      this.#convolution.reset();
      this.#player.stop();
    }
    const { layer, before, numbers, map } = subject;
    const range = extent(numbers.input.values);
    this.#subject = { ...subject, inputSpan: (channel) => spanOf(before, range, channel) };
    this.#share ??= brightest(channelOf(numbers.maps, map));
    this.#inFigure.hidden = layer.index === 0;
    this.#shown = { channel: -1, map: -1 };
    this.#paint();
  }

  hide() {
    this.#player.stop();
    this.#root.hidden = true;
    this.#subject = null;
  }

  get #size() {
    const [rows, columns] = this.#subject?.layer.shape ?? [1, 1];
    return { rows, columns };
  }

  /** @returns {Place} */
  #placeNow() {
    const { rows, columns } = this.#size;
    const [down, right] = this.#share ?? [0, 0];
    return [Math.floor(down * rows), Math.floor(right * columns)];
  }

  /** @param {Place} place */
  #goTo([row, column]) {
    const { rows, columns } = this.#size;
    this.#share = [(row + 0.5) / rows, (column + 0.5) / columns];
    this.#schedule();
  }

  #schedule() {
    if (this.#frame === 0 && this.#subject !== null) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#subject === null) return;
    const { layer, map } = this.#subject;
    const place = this.#placeNow();
    const computed = this.#compute({ ...this.#subject, place });
    const isOtherInput = layer.index > 0 && computed.channel !== this.#shown.channel;
    if (isOtherInput) this.#showInput(this.#subject, computed.channel);
    if (map !== this.#shown.map) this.#showOutput(this.#subject);
    this.#shown = { channel: computed.channel, map };
    this.#mark(computed, place);
  }

  /**
   * @param {PlacedSubject} subject
   * @returns {Computed}
   */
  #compute(subject) {
    const isConvolution = subject.layer.kind === "Conv2D";
    const [view, other] = isConvolution ? [this.#convolution, this.#window] : [this.#window, this.#convolution];
    other.hide();
    return view.show(subject);
  }

  /**
   * @param {ScaledSubject} subject
   * @param {number} channel
   */
  #showInput({ before, numbers, inputSpan }, channel) {
    const words = wordsOfInput(before, channel);
    this.#in.view.show(channelOf(numbers.input, channel), inputSpan(channel));
    this.#in.describe(words, say("step.input", { map: words }));
  }

  /** @param {Subject} subject */
  #showOutput({ layer, numbers, map }) {
    const words = wordsOfOutput(layer, map);
    this.#out.view.show(channelOf(numbers.maps, map), spanOf(layer, extent(numbers.maps.values), map));
    this.#out.describe(words, say("step.moveOver", { map: words }));
  }

  /**
   * @param {Computed} computed
   * @param {Place} place
   */
  #mark({ frame, terms, value }, [row, column]) {
    const words = { row: row + 1, column: column + 1, value: formatNumber(value, 3) };
    this.#in.view.mark(frame);
    this.#out.view.mark({ top: row, left: column, height: 1, width: 1 });
    this.#out.view.hideFrom(this.#player.isPlaying ? row * this.#size.columns + column + 1 : Infinity);
    this.#terms.replaceChildren(...terms);
    this.#place.textContent = say("step.place", words);
    this.#speak(say("step.spoken", words));
  }

  /**
   * Moves by a number of pixels in reading order; says whether that was inside the map.
   *
   * @param {number} by
   */
  #step(by) {
    const { rows, columns } = this.#size;
    const [row, column] = this.#placeNow();
    const index = row * columns + column + by;
    if (index < 0 || index >= rows * columns) return false;
    this.#goTo([Math.floor(index / columns), index % columns]);
    return true;
  }

  /** @param {number} by */
  #stepByHand(by) {
    this.#player.stop();
    this.#step(by);
  }

  /** @param {boolean} isPlaying */
  #played(isPlaying) {
    if (this.#subject === null) return;
    const { rows, columns } = this.#size;
    const [row, column] = this.#placeNow();
    // From the end it begins again.
    if (isPlaying && row === rows - 1 && column === columns - 1) this.#goTo([0, 0]);
    else this.#paint();
  }

  /**
   * For screen readers: where the reader stopped, not every place on the way.
   *
   * @param {string} words
   */
  #speak(words) {
    clearTimeout(this.#speech);
    if (this.#player.isPlaying) return;
    this.#speech = window.setTimeout(() => {
      this.#spoken.textContent = words;
    }, QUIET_MS);
  }
}

/**
 * Where the largest number of a map is, as shares of its sides: there is something to see.
 *
 * @param {import("../../widgets/matrix.js").Matrix} map
 * @returns {Place}
 */
function brightest(map) {
  const [row, column] = placeOfHighest(map);
  return [(row + 0.5) / map.rows, (column + 0.5) / map.columns];
}
