/** An explanation, and the layers of it that have been asked for, each asked for once. */

import { decodeNumbers } from "../../api/arrays.js";
import { greyLevelsOf } from "../../widgets/canvas.js";
import { matrix } from "../../widgets/matrix.js";
import { SIDE } from "./evidence.js";

/** @typedef {import("../../api/arrays.js").NumberArray} NumberArray */
/** @typedef {import("./sprites.js").Sprite} Sprite */
/** @typedef {import("../../api/explain.js").Layer} Layer */

/** @type {Layer} The picture, which is shown as if it were a layer. */
export const PICTURE = {
  index: 0,
  kind: "picture",
  input_shape: [],
  shape: [SIDE, SIDE, 1],
  parameters: 0,
  options: {},
};

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
    this.pixels = matrix(SIDE, SIDE, decodeNumbers(answer.pixels).values);
    this.#more = more;
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
