/** Frames of a video as pictures to send. */

import { canvasToBlob } from "../../widgets/canvas-file.js";
import { contextOf, el } from "../../widgets/element.js";

/** Pixels of the longer side: the same digits are read as at 640, a number's too (benchmarks/frames.py). */
const SIDE = 480;
const QUALITY = 0.8;

/** @typedef {{ blob: Blob, width: number, height: number }} Frame */

/**
 * The size of a picture, no larger than what is needed.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} [side]
 */
export function sizeToSend(width, height, side = SIDE) {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** Takes frames from a video, on one canvas. */
export class FrameGrabber {
  #canvas = el("canvas");
  #video;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
  }

  /**
   * What the camera shows now; null while it shows nothing.
   *
   * @returns {Promise<Frame | null>}
   */
  async grab() {
    const { videoWidth, videoHeight, readyState } = this.#video;
    if (readyState < HTMLMediaElement.HAVE_CURRENT_DATA || videoWidth === 0) return null;
    const { width, height } = sizeToSend(videoWidth, videoHeight);
    Object.assign(this.#canvas, { width, height });
    contextOf(this.#canvas).drawImage(this.#video, 0, 0, width, height);
    const blob = await canvasToBlob(this.#canvas, "image/jpeg", QUALITY);
    return blob && { blob, width, height };
  }
}
