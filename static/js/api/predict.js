/** Asks the server to read a picture. */

import { withQuery } from "./address.js";
import { Asker } from "./asker.js";

const TRIES = 4;

/**
 * One digit that was found: `box` is [x, y, width, height] in pixels of the picture, `normalised` the
 * 28×28 picture that the network saw.
 *
 * @typedef {object} Digit
 * @property {number} digit
 * @property {number} confidence
 * @property {number[]} probabilities
 * @property {number[]} alternatives digits that it may be as well, the likeliest first
 * @property {Reason | null} because how the writer's habits decided between two digits that were near
 * @property {[number, number, number, number]} box
 * @property {string} normalised
 */

/** @typedef {{ code: string, message: string }} Reason */

/**
 * Something that was seen and not read.
 *
 * @typedef {object} LeftOut
 * @property {[number, number, number, number]} box as a digit's
 * @property {"point" | "comma" | "minus" | "dot" | "frame" | "line" | "ruling" | "not_a_digit" | "unsure" | "small" |
 *   "faint" | "cut_off" | "runs_together" | "too_much"} why what it is, or why not
 */

/**
 * @typedef {object} Answer
 * @property {Digit[]} digits
 * @property {string} text
 * @property {Reason | null} refusal
 * @property {Reason | null} [unfinished] why only the first digits were read
 * @property {LeftOut[]} left_out what was seen beside the digits and not read
 * @property {string} model
 * @property {number} elapsed_ms
 * @property {boolean} [watched] whether somebody watches the stream of which the picture is a frame
 * @property {number} [again_ms] in how many milliseconds the server wants the next frame
 */

/**
 * The server's answer to a picture. Throws an ApiError.
 *
 * @param {import("./client.js").Client} client
 * @param {string} url
 * @param {Blob} picture
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export function readPicture(client, url, picture, signal) {
  const isAnswer = (/** @type {any} */ { digits }) => Array.isArray(digits);
  return client.post(withQuery(url, { normalised: 1 }), { body: picture, signal, tries: TRIES, isAnswer });
}

/**
 * The server's answer to one frame of a video: asked once, since by another try there is a newer frame. Throws an
 * ApiError.
 *
 * @param {import("./client.js").Client} client
 * @param {string} url with the model, if it is not the digits'
 * @param {Blob} frame
 * @param {AbortSignal} signal
 * @returns {Promise<Answer | import("./classify.js").Classified>}
 */
export function readFrame(client, url, frame, signal) {
  const isAnswer = (/** @type {any} */ { digits, probabilities }) => Array.isArray(digits) || Boolean(probabilities);
  return client.post(url, { body: frame, signal, isAnswer });
}

/** @extends {Asker<Answer>} */
export class Predictor extends Asker {
  /**
   * @param {string} url
   * @param {import("./client.js").World} [world]
   */
  constructor(url, world) {
    super(url, readPicture, world);
  }

  /**
   * See `ask`.
   *
   * @param {Blob} picture
   */
  read(picture) {
    return this.ask(picture);
  }
}
