/** The keys that say what a picture shows. */

/** @type {Record<string, string>} */
const NAMED_KEYS = { n: "none", backspace: "" };

/** @typedef {{ key: string, altKey?: boolean, ctrlKey?: boolean, metaKey?: boolean }} Key */

/**
 * The label that a key gives to a picture read as `digit`; undefined for other keys.
 *
 * @param {Key} event
 * @param {string | number | null} digit
 * @returns {string | undefined}
 */
export function labelForKey({ key, altKey, ctrlKey, metaKey }, digit) {
  if (altKey || ctrlKey || metaKey) return undefined;
  if (/^[0-9]$/.test(key)) return key;
  const name = key.toLowerCase();
  return name === "r" || name === "enter" ? String(digit) : NAMED_KEYS[name];
}
