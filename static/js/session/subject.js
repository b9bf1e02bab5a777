/** What outlives a reload and goes along to the page that explains: a drawing, or a picture that was sent. */

import { keep, kept } from "./keep.js";

/** Where the pages keep the strokes: a drawing goes along from page to page. */
export const KEPT_DRAWING = "digitnet.drawing";
/** Where the tab keeps which list of files is its own, and whether it is what Draw shows. */
export const OWN_LIST = "digitnet.files";
export const LIST_IS_SHOWN = "digitnet.files.shown";

const KEPT_PICTURE = "digitnet.picture";

/**
 * Where a picture is kept: each model's own, so that none is shown another's.
 *
 * @param {string} model "" for digits
 */
function placeFor(model) {
  return model === "" ? KEPT_PICTURE : `${KEPT_PICTURE}.${model}`;
}

/**
 * Keeps a picture for the next page, if it is still wanted then. Resolves to false where there is no room.
 *
 * @param {Blob} blob
 * @param {() => boolean} [isWanted]
 * @param {string} [model] whose picture it is, if not of digits
 */
export async function carryPicture(blob, isWanted = () => true, model = "") {
  const url = await dataUrlOf(blob);
  if (!isWanted()) return true;
  const place = placeFor(model);
  // First away with the one before: where the new one finds no room, it must not be mistaken for it.
  keep(place, "");
  keep(place, url);
  return kept(place) !== "";
}

/** Has Draw show the tab's list of files instead of the picture. */
export function showListNext() {
  forgetPicture();
  keep(LIST_IS_SHOWN, "1");
}

/** @param {string} [model] */
export function forgetPicture(model = "") {
  keep(placeFor(model), "");
}

/**
 * The picture that was carried here, or null.
 *
 * @param {string} [model]
 */
export function carriedPicture(model = "") {
  return blobOf(kept(placeFor(model)));
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
 * A file as a data URL.
 *
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
export function dataUrlOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
