/** Pictures of the gallery in words. */

import { say } from "../../text/catalogue.js";
import { labelInWords, upperFirst } from "../../text/digits.js";

/**
 * A picture in words, as the gallery's template has them; `digit` is "none" if the network saw none.
 *
 * @param {{ digit: string, sure: string, label: string }} picture
 */
export function describePicture({ digit, sure, label }) {
  const read = labelInWords(digit);
  if (label === "" && digit === "none") return say("gallery.refused");
  if (label === "") return say("gallery.readAs", { digit: read, sure });
  if (digit === "none" && label !== digit) return say("gallery.said", { label: upperFirst(labelInWords(label)) });
  if (label === digit) return say("gallery.confirmed", { digit: upperFirst(read) });
  return say("gallery.corrected", { label: upperFirst(labelInWords(label)), digit: read });
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
