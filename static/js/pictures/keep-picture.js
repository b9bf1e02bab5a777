/** Keeps the picture that was sent for as long as the tab lives: over a reload, and for the page that explains. */

import { carriedPicture, carryPicture } from "../session/subject.js";
import { smallCopy } from "./prepare-picture.js";

/**
 * Keeps a picture, if it is still wanted then; where there is no room for it, a small copy.
 *
 * @param {Blob} blob
 * @param {() => boolean} isWanted
 * @param {string} [model] whose picture it is, if not of digits
 */
export async function keepPicture(blob, isWanted, model = "") {
  if (await carryPicture(blob, isWanted, model)) return;
  const small = await smallCopy(blob).catch(() => null);
  if (small !== null) await carryPicture(small, isWanted, model);
}

/**
 * The picture that was kept, as a reload and the way back from another page find it; null where there is none.
 *
 * @param {string} [model]
 */
export function findPicture(model = "") {
  const blob = carriedPicture(model);
  return blob && new File([blob], "", { type: blob.type });
}
