/** Asks the server what each point of a picture is. */

import { Asker } from "./asker.js";

const PATIENCE_MS = 20_000;
const TRIES = 6;

/**
 * What the network hands on at one size: how many maps, and the one whose numbers differ most.
 *
 * @typedef {{ channels: number, shape: [height: number, width: number], image: string }} Level
 */

/**
 * `map.image` has a map for each of the `points`, one under the other, 255 being a probability of 1.
 *
 * @typedef {object} PageMap
 * @property {string} picture as the network is given it
 * @property {string[]} points what a point may be
 * @property {{ shape: [count: number, height: number, width: number], image: string }} map
 * @property {Level[]} levels
 */

/** @extends {Asker<PageMap>} */
export class Mapper extends Asker {
  /**
   * @param {string} url
   * @param {import("./client.js").World} [world]
   */
  constructor(url, world) {
    super(
      url,
      (client, address, picture, signal) => {
        const isAnswer = (/** @type {any} */ { map, levels }) => Boolean(map) && Array.isArray(levels);
        return client.post(address, { body: picture, signal, patience: PATIENCE_MS, tries: TRIES, isAnswer });
      },
      world,
    );
  }
}
