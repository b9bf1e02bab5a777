/** Steps through a layer pixel by pixel: its input on one side, its output on the other, the sum between. */

import { channelOf, formatNumber, rangeOf } from "../../widgets/numbers.js";
import { scaleOf } from "./colouring.js";
import { attachPointing, MapView } from "./map-view.js";
import { Player } from "./player.js";
import { ConvolutionSum, WindowSum } from "./sums.js";

/** The layers that this can step through. */
const KINDS = new Set(["picture", "Conv2D", "ReLU", "MaxPool2D", "MinPool2D", "AveragePool2D"]);

/** How long the pixel has to rest before it is read out. */
const QUIET_MS = 350;

export class Stepper {
  #root = document.getElementById("stepper");
  #inCanvas = document.getElementById("map-in");
  #outCanvas = document.getElementById("map-out");
  #inView = new MapView(this.#inCanvas);
  #outView = new MapView(this.#outCanvas);
  #inFigure = this.#inCanvas.closest("figure");
  #inCaption = document.getElementById("map-in-words");
  #outCaption = document.getElementById("map-out-words");
  #terms = document.getElementById("terms");
  #place = document.getElementById("place");
  #spoken = document.getElementById("step-spoken");
  #convolution = new ConvolutionSum(() => this.#schedule());
  #window = new WindowSum();
  #player = new Player({ onStep: () => this.#step(1), onState: (isPlaying) => this.#played(isPlaying) });
  #subject = null;
  /** Where the reader is, as shares of the map's sides, so that it stays there on a map of another size. */
  #share = null;
  #shown = { channel: -1, map: -1 };
  #frame = 0;
  #speech = null;

  constructor() {
    attachPointing(this.#outCanvas, {
      size: () => this.#subject.layer.shape,
      place: () => this.#placeNow(),
      onPlace: (place) => {
        this.#player.stop();
        this.#goTo(place);
      },
      onPlay: () => this.#player.toggle(),
    });
    document.getElementById("step-back").addEventListener("click", () => this.#stepByHand(-1));
    document.getElementById("step-on").addEventListener("click", () => this.#stepByHand(1));
  }

  static canShow({ kind }) {
    return KINDS.has(kind);
  }

  /** `subject` is { layer, next, numbers, map }: a layer, the one after it, its arrays, and which map. */
  show(subject) {
    this.#root.hidden = false;
    if (this.#subject?.layer.index !== subject.layer.index) {
      this.#convolution.reset();
      this.#player.stop();
    }
    const { layer, numbers } = subject;
    const inputScale = scaleOf(Math.max(0, layer.index - 1), rangeOf((numbers.input ?? numbers.maps).values));
    this.#subject = { ...subject, inputScale };
    this.#share ??= brightest(channelOf(numbers.maps, subject.map), layer.shape);
    this.#inFigure.hidden = layer.index === 0;
    this.#shown = { channel: -1, map: -1 };
    this.#paint();
  }

  hide() {
    this.#player.stop();
    this.#root.hidden = true;
    this.#subject = null;
  }

  #placeNow() {
    const [rows, columns] = this.#subject.layer.shape;
    return [Math.floor(this.#share[0] * rows), Math.floor(this.#share[1] * columns)];
  }

  #goTo([row, column]) {
    const [rows, columns] = this.#subject.layer.shape;
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
    const { layer, numbers, map, inputScale } = this.#subject;
    const [rows, columns] = layer.shape;
    const place = this.#placeNow();
    const isConvolution = layer.kind === "Conv2D";
    const [view, other] = isConvolution ? [this.#convolution, this.#window] : [this.#window, this.#convolution];
    other.hide();
    const { channel, frame, terms, value } = view.show({ ...this.#subject, place });
    if (layer.index > 0 && channel !== this.#shown.channel) {
      const [height, width] = layer.input_shape;
      this.#inView.show(channelOf(numbers.input, channel), width, height, inputScale);
      this.#inCaption.textContent = layer.index === 1 ? "The picture" : `Map ${channel + 1} of the layer before`;
      this.#inCanvas.setAttribute("aria-label", `${this.#inCaption.textContent}, the input`);
    }
    if (map !== this.#shown.map) {
      this.#outView.show(channelOf(numbers.maps, map), columns, rows, scaleOf(layer.index, rangeOf(numbers.maps.values)));
      this.#outCaption.textContent = layer.index === 0 ? "28 × 28 points of ink" : `Map ${map + 1} of this layer`;
      this.#outCanvas.setAttribute("aria-label", `${this.#outCaption.textContent}: move over it with the arrow keys`);
    }
    this.#shown = { channel, map };
    this.#inView.frame(frame);
    this.#outView.frame({ top: place[0], left: place[1], height: 1, width: 1 });
    this.#outView.hideFrom(this.#player.isPlaying ? place[0] * columns + place[1] + 1 : Infinity);
    this.#terms.replaceChildren(...terms);
    this.#place.textContent = `row ${place[0] + 1}, column ${place[1] + 1}`;
    this.#speak(`Row ${place[0] + 1}, column ${place[1] + 1}: ${formatNumber(value, 3)}`);
  }

  /** Moves by a number of pixels in reading order; says whether that was inside the map. */
  #step(by) {
    const [rows, columns] = this.#subject.layer.shape;
    const [row, column] = this.#placeNow();
    const index = row * columns + column + by;
    if (index < 0 || index >= rows * columns) return false;
    this.#goTo([Math.floor(index / columns), index % columns]);
    return true;
  }

  #stepByHand(by) {
    this.#player.stop();
    this.#step(by);
  }

  #played(isPlaying) {
    if (this.#subject === null) return;
    const [rows, columns] = this.#subject.layer.shape;
    const [row, column] = this.#placeNow();
    // From the end it begins again.
    if (isPlaying && row === rows - 1 && column === columns - 1) this.#goTo([0, 0]);
    else this.#paint();
  }

  /** For screen readers: where the reader stopped, not every place on the way. */
  #speak(words) {
    clearTimeout(this.#speech);
    if (this.#player.isPlaying) return;
    this.#speech = setTimeout(() => {
      this.#spoken.textContent = words;
    }, QUIET_MS);
  }
}

/** Where the largest number of a map is, as shares of its sides: there is something to see. */
function brightest(values, [rows, columns]) {
  const index = values.indexOf(rangeOf(values)[1]);
  return [(Math.floor(index / columns) + 0.5) / rows, ((index % columns) + 0.5) / columns];
}
