/** The ways in which pictures reach a page: chosen, photographed, dropped, pasted. */

import { byId, findAll } from "../widgets/element.js";
import { filesChosen, filesOfTransfer, MOST_FILES } from "./dropped.js";

/** @typedef {(brought: import("./dropped.js").Brought, place: Element) => void} OnFiles what came, and where */

/**
 * Calls `onFiles` with what is chosen with an input[data-pictures], dropped on the page or pasted, and with
 * the element that it was chosen with, dropped on or pasted into; `most` files at once. `onLook`
 * is called before what was dropped is looked through, which may take seconds.
 *
 * @param {OnFiles} onFiles
 * @param {{ most?: number, onLook?: () => void }} [how]
 */
export function acceptPictures(onFiles, { most = MOST_FILES, onLook = () => {} } = {}) {
  for (const input of findAll(document, "input[data-pictures]", HTMLInputElement)) acceptChosen(input, onFiles, most);
  acceptDrops(onFiles, most, onLook);
  document.addEventListener("paste", async (event) => {
    const { clipboardData } = event;
    if ((clipboardData?.files.length ?? 0) === 0) return;
    event.preventDefault();
    const place = placeOf(event);
    onFiles(await filesOfTransfer(clipboardData, most), place);
  });
}

/**
 * @param {HTMLInputElement} input
 * @param {OnFiles} onFiles
 * @param {number} most
 */
function acceptChosen(input, onFiles, most) {
  const take = () => {
    const brought = filesChosen(input.files ?? [], { isFolder: input.webkitdirectory, most });
    // Emptied, so that choosing the same file again is a change again.
    input.value = "";
    onFiles(brought, input);
  };
  input.addEventListener("change", take);
  // What was chosen before the scripts ran is taken once the page that takes it stands.
  if ((input.files?.length ?? 0) > 0) queueMicrotask(take);
}

/**
 * @param {OnFiles} onFiles
 * @param {number} most
 * @param {() => void} onLook
 */
function acceptDrops(onFiles, most, onLook) {
  const veil = byId("drop-veil", HTMLElement);
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  // dragenter and dragleave come for every element on the way, so they are counted.
  let depth = 0;
  const lower = () => {
    depth = 0;
    veil.hidden = true;
  };
  addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    veil.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth -= 1;
    if (depth <= 0) lower();
  });
  addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    lower();
    const place = placeOf(event);
    onLook();
    onFiles(await filesOfTransfer(event.dataTransfer, most), place);
  });
}

/** @param {Event} event */
function placeOf({ target }) {
  return target instanceof Element ? target : document.body;
}
