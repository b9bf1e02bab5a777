/** Labels: "0" to "9", "none" for what is not a digit, "" for none given. */

import { withArticle } from "../widgets/answer-words.js";

const NAMED_KEYS = { n: "none", backspace: "" };

/** The label that a key gives to a picture read as `digit`; undefined for other keys. */
export function labelForKey({ key, altKey, ctrlKey, metaKey }, digit) {
  if (altKey || ctrlKey || metaKey) return undefined;
  if (/^[0-9]$/.test(key)) return key;
  const name = key.toLowerCase();
  return name === "r" || name === "enter" ? String(digit) : NAMED_KEYS[name];
}

export function labelInWords(label) {
  return label === "none" ? "not a digit" : withArticle(Number(label));
}

/** A picture in words, as the gallery's template has them. */
export function describePicture({ digit, sure, label }) {
  if (label === "") return `Read as ${labelInWords(digit)}, ${sure} sure`;
  const shown = labelInWords(label);
  const sentence = shown[0].toUpperCase() + shown.slice(1);
  if (label === digit) return `${sentence}, which a person confirmed`;
  return `${sentence}, which a person corrected; the network read ${labelInWords(digit)}`;
}

/** What this person said, where another label is shown; a sentence to follow the one above. */
export function describeOwnLabel({ label, ownLabel }) {
  return ownLabel === "" || ownLabel === label ? "" : ` You said: ${labelInWords(ownLabel)}.`;
}
