/** Asks the server which class of a model a picture shows. */

const TRIES = 4;

/**
 * Where the picture is like none of the classes, `class` and `confidence` are null and `refusal` says so;
 * `probabilities`, by class, are then what the network would say if it had to choose. `normalised` is what it
 * saw.
 *
 * @typedef {object} Classified
 * @property {string | null} class
 * @property {number | null} confidence
 * @property {import("./predict.js").Reason | null} refusal
 * @property {Record<string, number>} probabilities
 * @property {string} normalised
 * @property {boolean} [watched] whether somebody watches the stream of which the picture is a frame
 * @property {number} [again_ms] in how many milliseconds the server wants the next frame
 */

/**
 * Throws an ApiError.
 *
 * @type {import("./asker.js").Ask<Classified>}
 */
export function classifyPicture(client, url, picture, signal) {
  const isAnswer = (/** @type {any} */ answer) => typeof answer.probabilities === "object";
  return client.post(url, { body: picture, signal, tries: TRIES, isAnswer });
}
