/** Text for the clipboard, and files for the folder of downloads. */

import { el } from "./element.js";

/**
 * Copies a text. Resolves to whether that worked.
 *
 * @param {string} text
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Only pages with HTTPS have a clipboard, and schools have networks of their own.
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const { activeElement } = document;
  const field = el("textarea", { class: "visually-hidden", "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  if (activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true });
  return isDone;
}

/**
 * Offers a file for saving.
 *
 * @param {string} name
 * @param {Blob} content
 */
export function offerFile(name, content) {
  const href = URL.createObjectURL(content);
  el("a", { href, download: name }).click();
  // Not at once: some browsers begin to read it later.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
