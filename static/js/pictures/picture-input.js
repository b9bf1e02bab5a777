/** The ways in which pictures reach a page: chosen, photographed, dropped, pasted. */

import { byId, findAll } from "../widgets/element.js";
import { filesChosen, filesOfTransfer } from "./dropped.js";

/** @typedef {(brought: import("./dropped.js").Brought) => void} OnFiles */

/**
 * Calls `onFiles` with what is chosen with an input[data-pictures], dropped on the page or pasted.
 *
 * @param {OnFiles} onFiles
 */
export function acceptPictures(onFiles) {
  for (const input of findAll(document, "input[data-pictures]", HTMLInputElement)) {
    input.addEventListener("change", () => {
      const brought = filesChosen(input.files ?? [], { isFolder: input.webkitdirectory });
      // Emptied, so that choosing the same file again is a change again.
      input.value = "";
      onFiles(brought);
    });
  }
  acceptDrops(onFiles);
  document.addEventListener("paste", async (event) => {
    const { clipboardData } = event;
    if ((clipboardData?.files.length ?? 0) === 0) return;
    event.preventDefault();
    onFiles(await filesOfTransfer(clipboardData));
  });
}

/** @param {OnFiles} onFiles */
function acceptDrops(onFiles) {
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
    onFiles(await filesOfTransfer(event.dataTransfer));
  });
}
