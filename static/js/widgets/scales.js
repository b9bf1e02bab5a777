/**
 * The page's colours for numbers: "ink" for pictures, "positive" for what a layer lets through (one
 * hue), "signed" for numbers on both sides of zero. They come from the style sheet, and are others in the dark.
 * "red", "green" and "blue" are light of one colour, which is the same everywhere, and "light" is that of none.
 */

import { whilePrinting } from "./printing.js";
import { isDark, makeRamp, parseColour, Scale } from "./colours.js";

/** @typedef {"ink" | "positive" | "signed" | "red" | "green" | "blue" | "light"} Kind */
/** @typedef {{ kind: Kind, limit: number }} Span which colours, and the number that has the full one */

/** @type {Record<Kind, string[]>} */
const STOPS = {
  ink: ["zero", "ink"],
  positive: ["zero", "more", "most"],
  signed: ["least", "less", "zero", "more", "most"],
  red: ["dark", "red"],
  green: ["dark", "green"],
  blue: ["dark", "blue"],
  light: ["dark", "light"],
};

const darkness = matchMedia("(prefers-color-scheme: dark)");
/** @type {Map<Kind, Uint8ClampedArray>} */
const ramps = new Map();
darkness.addEventListener("change", () => ramps.clear());

// On paper all is light.
whilePrinting((isPrinting) => {
  document.documentElement.classList.toggle("is-printing", isPrinting);
  ramps.clear();
});

/**
 * Calls `repaint()` whenever light becomes dark or the other way round, as it does on paper.
 *
 * @param {() => void} repaint
 */
export function onColoursChange(repaint) {
  darkness.addEventListener("change", repaint);
  whilePrinting(repaint);
}

/** @type {Span} A picture of ink, 0 to 1. */
export const INK = { kind: "ink", limit: 1 };

/**
 * The scale that has its full colour at the limit, in the colours of now.
 *
 * @param {Span} span
 */
export function scaleOf({ kind, limit }) {
  const ramp = ramps.get(kind) ?? rampOf(kind);
  ramps.set(kind, ramp);
  return new Scale(ramp, limit, kind === "signed");
}

/** @param {Kind} kind */
function rampOf(kind) {
  const style = getComputedStyle(document.documentElement);
  return makeRamp(STOPS[kind].map((name) => parseColour(style.getPropertyValue(`--scale-${name}`))));
}

/**
 * Colours an element by its number, with writing that can be read on it.
 *
 * @param {HTMLElement} element
 * @param {number} value
 * @param {Scale} scale
 */
export function colourElement(element, value, scale) {
  const colour = scale.colourOf(value);
  element.style.backgroundColor = `rgb(${colour.join(" ")})`;
  element.style.color = isDark(colour) ? "#fff" : "#000";
}
