/** What outlives a reload and goes along to the page that explains: a drawing, or a picture that was sent. */

import { keep, kept } from "./keep.js";

/** Where the pages keep the strokes: a drawing goes along from page to page. */
export const KEPT_DRAWING = "digitnet.drawing";
const KEPT_PICTURE = "digitnet.picture";

/**
 * Keeps a picture for the next page, if it is still wanted then. Resolves to false where there is no room.
 *
 * @param {Blob} blob
 * @param {() => boolean} [isWanted]
 */
export async function carryPicture(blob, isWanted = () => true) {
  const url = await dataUrlOf(blob);
  if (!isWanted()) return true;
  // First away with the one before: where the new one finds no room, it must not be mistaken for it.
  keep(KEPT_PICTURE, "");
  keep(KEPT_PICTURE, url);
  return kept(KEPT_PICTURE) !== "";
}

export function forgetPicture() {
  keep(KEPT_PICTURE, "");
}

/** The picture that was carried here, or null. */
export function carriedPicture() {
  return blobOf(kept(KEPT_PICTURE));
}

/**
 * The picture in a data URL, or null where the text is none. Read by hand, because the site's
 * security rules let `fetch` open no data URL.
 *
 * @param {string} url
 */
export function blobOf(url) {
  const found = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  if (found === null) return null;
  const [, type, data] = found;
  return new Blob([Uint8Array.from(atob(data), (character) => character.charCodeAt(0))], { type });
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
function dataUrlOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
