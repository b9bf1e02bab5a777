/** An explanation, and the layers of it that have been asked for, each asked for once. */

import { decodeNumbers } from "../../api/arrays.js";
import { greyLevelsOf } from "../../widgets/canvas.js";
import { matrix } from "../../widgets/matrix.js";

/** @typedef {import("../../api/arrays.js").NumberArray} NumberArray */
/** @typedef {import("./sprites.js").Sprite} Sprite */
/** @typedef {import("../../api/explain.js").Layer} Layer */

/**
 * What a layer's numbers stand for: the digits, the classes, two classes by one score, or nothing by themselves.
 *
 * @typedef {"digits" | "classes" | "one" | "hidden"} Role
 */

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/**
 * A layer in numbers: what it gave, what it was given (but for the picture), its parameters by name.
 *
 * @typedef {{ maps: NumberArray, input: NumberArray, params: Record<string, NumberArray> }} LayerNumbers
 */

export class Explained {
  #more;
  /** @type {Map<number, Promise<Sprite>>} */
  #sprites = new Map();
  /** @type {Map<number, Promise<LayerNumbers>>} */
  #layers = new Map();

  /** @param {import("../../api/explain.js").Found} found */
  constructor({ answer, more }) {
    this.answer = answer;
    this.input = decodeNumbers(answer.pixels);
    this.picture = pictureOf(this.input.shape);
    /** What the network tells apart, in the order of its answers. */
    this.names = answer.classes ?? DIGITS;
    this.winner = this.#placeOf(answer.winner);
    this.runnerUp = this.#placeOf(answer.runner_up);
    this.#more = more;
  }

  /** @param {number} index */
  hasSprite(index) {
    return this.#sprites.has(index);
  }

  /** @param {import("../../api/explain.js").Evidence} evidence */
  #placeOf({ digit, class: name = "" }) {
    return digit ?? this.names.indexOf(name);
  }

  /** The pixels of a network with one channel. */
  get pixels() {
    const [rows, columns] = this.picture.shape;
    return matrix(rows, columns, this.input.values);
  }

  /** The layers, and before them the picture, which is shown as if it were one. */
  get layers() {
    return [this.picture, ...this.answer.layers];
  }

  /** Whether two classes share one score, as before a sigmoid. */
  get hasOneScore() {
    return this.answer.layers[this.answer.layers.length - 1].shape[0] === 1;
  }

  /**
   * @param {Layer} layer
   * @returns {Role}
   */
  roleOf({ index, shape }) {
    const isAtTheEnd = index >= this.answer.layers.length - 1 && index > 0;
    if (!isAtTheEnd || shape.length > 1) return "hidden";
    if (shape[0] === 1) return "one";
    return this.answer.classes === undefined ? "digits" : "classes";
  }

  /**
   * What a layer's numbers are called: none where they have no names.
   *
   * @param {Layer} layer
   */
  namesOf(layer) {
    const role = this.roleOf(layer);
    return role === "digits" || role === "classes" ? this.names : [];
  }

  /**
   * All maps of a layer in one picture.
   *
   * @param {number} index
   */
  sprite(index) {
    return once(this.#sprites, index, async () => {
      const { sprite: { image, columns, range }, shape } = await this.#more({ layer: String(index), format: "png" });
      return { levels: await greyLevelsOf(image), columns, range, shape };
    });
  }

  /**
   * A layer in numbers, decoded once.
   *
   * @param {number} index
   */
  layer(index) {
    return once(this.#layers, index, async () => {
      const { maps, input, params = {} } = await this.#more({ layer: String(index) });
      const decoded = Object.entries(params).map(([name, numbers]) => [name, decodeNumbers(numbers)]);
      const given = decodeNumbers(maps);
      return { maps: given, input: input ? decodeNumbers(input) : given, params: Object.fromEntries(decoded) };
    });
  }
}

/**
 * A digit is ink on paper, (H, W); anything else is light, (H, W, C).
 *
 * @param {number[]} shape
 * @returns {Layer}
 */
function pictureOf([height, width, channels]) {
  const kind = channels === undefined ? "picture" : "photograph";
  return { index: 0, kind, input_shape: [], shape: [height, width, channels ?? 1], parameters: 0, options: {} };
}

/**
 * What is in the store; else what `make()` resolves to, which is stored. What failed may be asked again.
 *
 * @template T
 * @param {Map<number, Promise<T>>} store
 * @param {number} index
 * @param {() => Promise<T>} make
 */
function once(store, index, make) {
  const known = store.get(index);
  if (known !== undefined) return known;
  const made = make();
  made.catch(() => store.delete(index));
  store.set(index, made);
  return made;
}
