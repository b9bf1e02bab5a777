/** Asks the server which class of a model a picture shows. */

const TRIES = 4;

/**
 * `probabilities` are by class; `normalised` is what the network saw.
 *
 * @typedef {object} Classified
 * @property {string} class
 * @property {number} confidence
 * @property {Record<string, number>} probabilities
 * @property {string} normalised
 */

/**
 * Throws an ApiError.
 *
 * @type {import("./asker.js").Ask<Classified>}
 */
export function classifyPicture(client, url, picture, signal) {
  const isAnswer = (/** @type {any} */ answer) => typeof answer.class === "string";
  return client.post(url, { body: picture, signal, tries: TRIES, isAnswer });
}
