/** The ways in which a picture reaches the page: chosen, photographed, dropped, pasted. */

import { byId } from "../../widgets/element.js";

/** @param {(file: File) => void} onPicture */
export function acceptPictures(onPicture) {
  for (const id of ["choose", "camera"]) {
    const input = byId(id, HTMLInputElement);
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      // Emptied, so that choosing the same file again is a change again.
      input.value = "";
      if (file) onPicture(file);
    });
  }
  acceptDrops(onPicture);
  document.addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file) return;
    event.preventDefault();
    onPicture(file);
  });
}

/** @param {(file: File) => void} onPicture */
function acceptDrops(onPicture) {
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
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    lower();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) onPicture(file);
  });
}
