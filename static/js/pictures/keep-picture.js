/** Keeps the picture that was sent for as long as the tab lives: over a reload, and for the page that explains. */

import { carriedPicture, carryPicture } from "../session/subject.js";
import { smallCopy } from "./prepare-picture.js";

/**
 * Keeps a picture, if it is still wanted then; where there is no room for it, a small copy.
 *
 * @param {Blob} blob
 * @param {() => boolean} isWanted
 */
export async function keepPicture(blob, isWanted) {
  if (await carryPicture(blob, isWanted)) return;
  const small = await smallCopy(blob).catch(() => null);
  if (small !== null) await carryPicture(small, isWanted);
}

/**
 * The picture that was kept, as a reload and the way back from another page find it; null where there is none.
 */
export function findPicture() {
  const blob = carriedPicture();
  return blob && new File([blob], "", { type: blob.type });
}
