/** The keys of reviewing. */

/** @typedef {{ kind: "answer", label: string | null } | { kind: "confirm" } | { kind: "undo" }} Action */

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
  if (name === "enter") return { kind: "confirm" };
  if (name === "backspace") return { kind: "undo" };
  if (!withSingleKeys) return null;
  if (/^[0-9]$/.test(key)) return { kind: "answer", label: key };
  if (name === "n") return { kind: "answer", label: "none" };
  if (name === "u" || name === " ") return { kind: "answer", label: null };
  return name === "z" ? { kind: "undo" } : null;
}
