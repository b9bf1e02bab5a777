/** Asks the server for explanations: of a picture as a whole, and of what single layers made of it. */

import { Client } from "./client.js";
import { Newest } from "./newest.js";

const PATIENCE_MS = 20_000;
const TRIES = 6;

/** @typedef {import("./arrays.js").Encoded} Encoded */
/** @typedef {import("./predict.js").Reason} Reason */
/** @typedef {import("./predict.js").Digit} Digit */

/**
 * @typedef {object} Layer
 * @property {number} index
 * @property {string} kind
 * @property {number[]} input_shape
 * @property {number[]} shape
 * @property {number} parameters
 * @property {Record<string, any>} options
 */

/** @typedef {{ digit?: number, class?: string, occlusion: Encoded, gradient: Encoded }} Evidence */
/** @typedef {{ label: number, image: string, distance: number }} Neighbour */

/**
 * What is asked of a digit, and how far this one meets it; a likeness is null without a rejector.
 *
 * @typedef {object} Doubt
 * @property {string | null} reason
 * @property {number} confidence
 * @property {number} least_confidence
 * @property {number | null} likeness
 * @property {number | null} least_likeness
 */

/**
 * Of a digit. `digit` and `confidence` are null where the picture is refused; `winner` is what the network says.
 *
 * @typedef {object} DigitExplanation
 * @property {number | null} digit
 * @property {number | null} confidence
 * @property {string} text
 * @property {Digit[]} digits
 * @property {number[] | null} box
 * @property {Doubt} doubt
 * @property {Reason | null} unfinished
 * @property {import("./predict.js").LeftOut[]} left_out
 * @property {boolean} joined
 * @property {{ name: string, label?: string }[]} [switches]
 * @property {{ nearest: Neighbour[], other: Neighbour[] } | null} neighbours
 * @property {{ digit: number }} winner
 * @property {{ digit: number }} runner_up
 */

/**
 * What is told of every picture; `classes` are those of a model for other pictures than digits.
 *
 * @typedef {object} Whole
 * @property {string[]} [classes]
 * @property {number[]} probabilities
 * @property {number[]} scores one for each class
 * @property {Reason | null} refusal
 * @property {{ name: string, image: string }[]} stages
 * @property {Encoded} pixels
 * @property {Layer[]} layers
 * @property {Evidence} winner
 * @property {Evidence} runner_up
 */

/** @typedef {Whole & DigitExplanation} Explanation */

/** What was asked: a picture, which of its digits, which stages were left out, and of which model. */
export class Question {
  /**
   * @param {Blob} blob
   * @param {{ digit?: number, without?: string[], model?: string }} [options]
   */
  constructor(blob, { digit = 0, without = [], model = "" } = {}) {
    this.blob = blob;
    this.digit = digit;
    this.without = without;
    this.model = model;
  }

  /** @param {Record<string, string>} [more] */
  search(more = {}) {
    const search = new URLSearchParams(this.model === "" ? more : { model: this.model, ...more });
    if (this.digit > 0) search.set("digit", String(this.digit));
    for (const name of this.without) search.append("without", name);
    const text = search.toString();
    return text === "" ? "" : `?${text}`;
  }
}

/**
 * An explanation, and what asks for more of it: for a layer in numbers, or as a picture.
 *
 * @typedef {object} Found
 * @property {Explanation} answer
 * @property {(more: Record<string, string>) => Promise<any>} more
 */

export class Explainer {
  #url;
  #client;
  #newest = new Newest();

  /**
   * @param {string} url
   * @param {import("./client.js").World} [world]
   */
  constructor(url, world) {
    this.#url = url;
    this.#client = new Client(world);
  }

  /**
   * The explanation, or null where a newer question has overtaken this one. Throws an ApiError.
   *
   * @param {Question} question
   * @returns {Promise<Found | null>}
   */
  explain(question) {
    return this.#newest.ask(async (signal) => ({
      answer: await this.#post(question, {}, signal),
      more: (more) => this.#post(question, more, signal),
    }));
  }

  /**
   * @param {Question} question
   * @param {Record<string, string>} more
   * @param {AbortSignal} signal
   */
  #post(question, more, signal) {
    const url = `${this.#url}${question.search(more)}`;
    return this.#client.post(url, { body: question.blob, signal, patience: PATIENCE_MS, tries: TRIES });
  }
}
