/** The keys by which answers are looked at. */

/**
 * @typedef {{ kind: "mark", mark: "right" | "wrong" } | { kind: "digit", digit: string } | { kind: "send" }
 *   | { kind: "show" } | { kind: "later" } | { kind: "undo" }} Action
 */

/** @type {Record<string, Action>} */
const ALWAYS = {
  arrowright: { kind: "mark", mark: "right" },
  arrowleft: { kind: "mark", mark: "wrong" },
  enter: { kind: "send" },
  backspace: { kind: "undo" },
};
/** @type {Record<string, Action>} */
const SINGLE = {
  r: { kind: "mark", mark: "right" },
  w: { kind: "mark", mark: "wrong" },
  a: { kind: "show" },
  l: { kind: "later" },
  " ": { kind: "later" },
  z: { kind: "undo" },
};

/**
 * What a key asks for, or null. Without `withSingleKeys`, letters, digits and Space ask for nothing.
 *
 * @param {{ key: string, altKey?: boolean, ctrlKey?: boolean, metaKey?: boolean, repeat?: boolean }} event
 * @param {boolean} withSingleKeys
 * @returns {Action | null}
 */
export function actionForKey({ key, altKey, ctrlKey, metaKey, repeat }, withSingleKeys) {
  if (altKey || repeat) return null;
  const name = key.toLowerCase();
  if (ctrlKey || metaKey) return name === "z" ? { kind: "undo" } : null;
  if (name in ALWAYS) return ALWAYS[name];
  if (!withSingleKeys) return null;
  if (/^[0-9]$/.test(key)) return { kind: "digit", digit: key };
  return SINGLE[name] ?? null;
}
