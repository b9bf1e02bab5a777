/** What somebody has written on the sheet for their own handwriting. No elements here. */

import { hasInk, strokesFromText, strokesToText } from "../../drawing/drawing.js";

/** @typedef {import("../../drawing/drawing.js").Stroke} Stroke */

export const DIGITS = [..."0123456789"];

export class Hand {
  /** How many boxes each digit has. */
  boxes;
  /** @type {Map<string, Stroke[][]>} */
  #rows;

  /** @param {number} boxes */
  constructor(boxes) {
    this.boxes = boxes;
    this.#rows = new Map(DIGITS.map((digit) => [digit, Array.from({ length: boxes }, () => [])]));
  }

  /**
   * As `toText` has written it; what is damaged is empty.
   *
   * @param {string} text
   * @param {number} boxes
   */
  static fromText(text, boxes) {
    const hand = new Hand(boxes);
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      return hand;
    }
    for (const digit of DIGITS) {
      for (let place = 0; place < boxes; place += 1) hand.set(digit, place, strokesFromText(value?.[digit]?.[place]));
    }
    return hand;
  }

  toText() {
    return JSON.stringify(Object.fromEntries(this.#written().map(([digit, row]) => [digit, row.map(strokesToText)])));
  }

  /** @param {string} digit */
  row(digit) {
    return this.#rows.get(digit) ?? [];
  }

  /**
   * @param {string} digit
   * @param {number} place
   * @param {Stroke[]} strokes
   */
  set(digit, place, strokes) {
    this.row(digit)[place] = strokes;
  }

  /**
   * In how many boxes of a digit something is written.
   *
   * @param {string} digit
   */
  count(digit) {
    return this.writtenBoxes(digit).length;
  }

  /**
   * The boxes of a digit, from 0, in which something is written.
   *
   * @param {string} digit
   */
  writtenBoxes(digit) {
    return [...this.row(digit).keys()].filter((place) => hasInk(this.row(digit)[place]));
  }

  /**
   * The digit to write after this one: the next one with an empty box; null where there is none.
   *
   * @param {string} digit
   * @param {string} [sent] digits that need not be written any more, unless that was begun
   */
  after(digit, sent = "") {
    const start = DIGITS.indexOf(digit) + 1;
    const others = [...DIGITS.slice(start), ...DIGITS.slice(0, start)];
    const isDone = (/** @type {string} */ one) => this.count(one) === 0 && sent.includes(one);
    return others.find((one) => this.count(one) < this.boxes && !isDone(one)) ?? null;
  }

  /**
   * What is left to write once these digits have been sent: the others, as they are.
   *
   * @param {string[]} digits
   */
  without(digits) {
    const rest = new Hand(this.boxes);
    for (const digit of DIGITS) {
      if (!digits.includes(digit)) this.row(digit).forEach((strokes, place) => rest.set(digit, place, strokes));
    }
    return rest;
  }

  /** Each digit of which something is written, with the boxes that are not empty. */
  samples() {
    return this.#written().map(([digit, row]) => /** @type {const} */ ([digit, row.filter(hasInk)]));
  }

  #written() {
    return [...this.#rows].filter(([digit]) => this.count(digit) > 0);
  }
}
