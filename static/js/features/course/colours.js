/**
 * The colours of the course's numbers: "ink" for pictures, "positive" for what a layer lets through
 * (one hue), "signed" for numbers on both sides of zero.
 */

import { isDark, pageRamps, Scale } from "../../widgets/colours.js";

let ramps = null;

/** The scale of that kind which has its full colour at `most`. */
export function scaleOf(kind, most) {
  ramps ??= pageRamps();
  return new Scale(ramps[kind], most, kind === "signed");
}

/** Calls `repaint()` whenever light becomes dark or the other way round. */
export function onColoursChange(repaint) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    ramps = null;
    repaint();
  });
}

/** Colours an element by its number, with writing that can be read on it. */
export function colourElement(element, value, scale) {
  const colour = scale.colourOf(value);
  element.style.backgroundColor = `rgb(${colour.join(" ")})`;
  element.style.color = isDark(colour) ? "#fff" : "#000";
}
