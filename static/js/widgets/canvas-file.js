/** Canvases as files. */

/**
 * What is on a canvas as a file; null where the browser makes none, as when it has no memory left.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} [type]
 * @param {number} [quality]
 * @returns {Promise<Blob | null>}
 */
export function canvasToBlob(canvas, type = "image/png", quality = undefined) {
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}
