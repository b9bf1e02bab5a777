/** Pages that take one picture at a time: the first of what is brought, with a word on the others. */

import { say } from "../text/catalogue.js";
import { byId } from "../widgets/element.js";
import { acceptPictures } from "./picture-input.js";
import { PictureError, preparePicture } from "./prepare-picture.js";

/**
 * Calls `onPicture(picture, count, place)` with the first picture, ready for sending, with how many files came,
 * and with the element where they came.
 *
 * @param {(picture: Blob, count: number, place: Element) => void} onPicture
 */
export function acceptOnePicture(onPicture) {
  acceptPictures(async ({ files, folders }, place) => {
    const [first] = files;
    if (first === undefined) {
      sayOfBrought(say(folders > 0 ? "files.emptyFolder" : "files.nothing"));
      return;
    }
    try {
      const { blob } = await preparePicture(first.file);
      sayOfCount(files.length);
      onPicture(blob, files.length, place);
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      sayOfBrought(error.message);
    }
  });
}

/**
 * Says that only the first of so many files is used.
 *
 * @param {number} count
 */
export function sayOfCount(count) {
  sayOfBrought(count > 1 ? say("brought.firstOnly", { count }) : "");
}

/** @param {string} words */
export function sayOfBrought(words) {
  byId("brought-note", HTMLElement).textContent = words;
}
