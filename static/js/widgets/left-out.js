/** What was seen on a picture and not read: in words, and as dashed boxes with a word each. */

import { say } from "../text/catalogue.js";
import { svg } from "./element.js";

/** @typedef {import("../api/predict.js").LeftOut} LeftOut */

/** What changes the meaning of a number comes first; paper and its lines come last. */
const ORDER = /** @type {const} */ ([
  "point", "comma", "minus", "dot", "not_a_digit", "unsure", "cut_off", "runs_together", "too_much", "small", "faint",
  "line", "frame", "ruling",
]);

/** Pixels on the screen: the room in a box beside what it holds; a word's letters. */
const ROOM = 4;
/** The same for the frame round a digit, which its word must not touch. */
const FRAME = 8;
const LETTERS = 13;
/** Words for one kind of things, at the largest of them: more would cover the picture. */
const MOST_WORDS = 4;
/** Of a letter's size: its width. */
const PER_LETTER = 0.56;

/**
 * A sentence that names it; "" where nothing was left out.
 *
 * @param {LeftOut[]} leftOut
 */
export function wordsOfLeftOut(leftOut) {
  const parts = ORDER.flatMap((why) => {
    const count = leftOut.filter((one) => one.why === why).length;
    return count === 0 ? [] : [say(`leftOut.${why}`, { count })];
  });
  return parts.length === 0 ? "" : say("leftOut.words", { what: parts.join(", ") });
}

/**
 * Dashed boxes for an SVG over the picture, each with a word where there is room for it beside the digits and the
 * other words; of many of one kind, the largest have one. The lines of the paper are all over it, and have none.
 *
 * @param {LeftOut[]} leftOut
 * @param {number[][]} digits the boxes of what was read
 * @param {{ width: number, height: number }} size of the picture, in pixels
 * @param {number} scale pixels of the picture for each of the screen
 */
export function markLeftOut(leftOut, digits, size, scale) {
  const read = digits.map(([x, y, width, height]) => ({ x, y, width, height }));
  /** @type {Place[]} */
  const written = [];
  return leftOut.filter(({ why }) => why !== "ruling").flatMap((one) => {
    const { box, why } = one;
    const frame = widen(box, ROOM * scale);
    const title = svg("title", {}, say("leftOut.words", { what: say(`leftOut.${why}`, { count: 1 }) }));
    const marks = [
      svg("rect", { ...frame, class: "left-out-halo" }),
      svg("rect", { ...frame, class: "left-out" }, title),
    ];
    if (!isAmongLargest(one, leftOut)) return marks;
    const word = say(`leftOutMark.${why}`);
    const places = placesOfWord(word, frame, read, size, scale).filter((place) => !overlapsOne(place, written));
    const free = places.find((place) => !overlapsOne(place, read));
    const place = free ?? (leftOut.length === 1 ? places[0] : undefined);
    if (place === undefined) return marks;
    written.push(place);
    const look = { class: "left-out-word", "font-size": LETTERS * scale, "stroke-width": 3 * scale };
    return [...marks, svg("text", { ...look, x: place.x, y: place.y + 0.8 * place.height }, word)];
  });
}

/**
 * @param {LeftOut} one
 * @param {LeftOut[]} leftOut
 */
function isAmongLargest(one, leftOut) {
  const larger = leftOut.filter(({ box, why }) => why === one.why && areaOf(box) > areaOf(one.box));
  return larger.length < MOST_WORDS;
}

/** @param {number[]} box */
function areaOf([, , width, height]) {
  return width * height;
}

/** @typedef {{ x: number, y: number, width: number, height: number }} Place */

/**
 * @param {number[]} box
 * @param {number} room
 */
function widen([x, y, width, height], room) {
  return { x: x - room, y: y - room, width: width + 2 * room, height: height + 2 * room };
}

/**
 * Where a word may stand, the best first: above its box, below it, at its sides, above or below it to its left, above
 * or below the digits on both sides; within the picture.
 *
 * @param {string} word
 * @param {Place} frame
 * @param {Place[]} read
 * @param {{ width: number, height: number }} size
 * @param {number} scale
 * @returns {Place[]}
 */
function placesOfWord(word, frame, read, size, scale) {
  const width = word.length * PER_LETTER * LETTERS * scale;
  const height = 1.3 * LETTERS * scale;
  const [right, bottom] = [frame.x + frame.width, frame.y + frame.height];
  const beside = read.filter((one) => overlapsOne({ ...frame, width }, [one]));
  const top = Math.min(frame.y, ...beside.map(({ y }) => y - FRAME * scale));
  const foot = Math.max(bottom, ...beside.map((one) => one.y + one.height + FRAME * scale));
  // At a side where there is no room for it, a word would lie on what it names.
  const sides = [right + scale, frame.x - width - scale].filter((x) => x >= 0 && x + width <= size.width);
  const corners = [
    [frame.x, frame.y - height],
    [frame.x, bottom],
    ...sides.map((x) => [x, frame.y]),
    [right - width, frame.y - height],
    [right - width, bottom],
    [frame.x, top - height],
    [frame.x, foot],
  ];
  const last = { x: Math.max(0, size.width - width), y: Math.max(0, size.height - height) };
  return corners.map(([x, y]) => ({ x: clamp(x, last.x), y: clamp(y, last.y), width, height }));
}

/**
 * @param {number} value
 * @param {number} most
 */
function clamp(value, most) {
  return Math.max(0, Math.min(value, most));
}

/**
 * @param {Place} a
 * @param {Place[]} others
 */
function overlapsOne(a, others) {
  return others.some(
    (b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
  );
}
