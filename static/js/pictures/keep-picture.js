/** Keeps the picture that was sent for as long as the tab lives: over a reload, and for the page that explains. */

import { carryPicture } from "../session/subject.js";
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
