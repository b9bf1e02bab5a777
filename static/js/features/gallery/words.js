/** Pictures of the gallery in words. */

import { say } from "../../text/catalogue.js";
import { labelInWords, upperFirst } from "../../text/digits.js";

/**
 * A picture in words, as the gallery's template has them; `digit` is "none" if the network saw none.
 *
 * @param {{ digit: string, sure: string, label: string, ownLabel: string }} picture
 */
export function describePicture({ digit, sure, label, ownLabel }) {
  const read = labelInWords(digit);
  if (label === "") return digit === "none" ? say("gallery.refused") : say("gallery.readAs", { digit: read, sure });
  const isOwn = label === ownLabel;
  const said = { label: upperFirst(labelInWords(label)), digit: read };
  if (label === digit) {
    return say(isOwn ? "gallery.youConfirmed" : "gallery.confirmed", { digit: upperFirst(read) });
  }
  if (digit === "none") return say(isOwn ? "gallery.youSaid" : "gallery.said", said);
  return say(isOwn ? "gallery.youCorrected" : "gallery.corrected", said);
}

/**
 * The picture that is chosen, and what this person said of it, where another label is shown.
 *
 * @param {{ name: string, digit: string, sure: string, label: string, ownLabel: string }} picture
 */
export function describeChosen(picture) {
  const { name, label, ownLabel } = picture;
  const description = describePicture(picture);
  if (ownLabel === "" || ownLabel === label) return say("gallery.chosen", { name, description });
  return say("gallery.chosenAndSaid", { name, description, label: labelInWords(ownLabel) });
}
