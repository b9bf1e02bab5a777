/** What is carried from the page Draw to the page that explains: a drawing, or a picture that was sent. */

import { keep, kept } from "./keep.js";

/** Where both pages keep the strokes. */
export const KEPT_DRAWING = "digitnet.drawing";
const KEPT_PICTURE = "digitnet.picture";

/** Keeps a picture for the next page. */
export async function carryPicture(blob) {
  const url = await dataUrlOf(blob);
  // First away with the one before: where the new one finds no room, it must not be mistaken for it.
  keep(KEPT_PICTURE, "");
  keep(KEPT_PICTURE, url);
}

/** The picture that was carried here, or null. */
export function carriedPicture() {
  const url = kept(KEPT_PICTURE);
  return url === "" ? null : blobOf(url);
}

/** Read by hand, because the site's security rules let `fetch` open no data URL. */
export function blobOf(url) {
  const [, type, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  return new Blob([Uint8Array.from(atob(data), (character) => character.charCodeAt(0))], { type });
}

function dataUrlOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
