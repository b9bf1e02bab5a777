/** Strokes onto a 2D context, for the screen and for sending alike. */

import { ApiError } from "../api/error.js";
import { blobOf } from "../session/subject.js";
import { say } from "../text/catalogue.js";
import { contextOf } from "../widgets/element.js";
import { smoothSegments } from "./geometry.js";

/** @typedef {import("./drawing.js").Stroke} Stroke */

/**
 * Paints strokes of one ink onto a transparent context whose paper is `side` pixels wide.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke[]} strokes
 * @param {number} side
 * @param {string} ink
 */
export function paintStrokes(context, strokes, side, ink) {
  context.save();
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = ink;
  context.fillStyle = ink;
  for (const stroke of strokes) paintStroke(context, stroke, side);
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke} stroke
 * @param {number} side
 */
function paintStroke(context, { tool, width, points }, side) {
  // The eraser takes ink away instead of painting paper over it, so the paper may be of any colour.
  context.globalCompositeOperation = tool === "eraser" ? "destination-out" : "source-over";
  context.beginPath();
  const [x, y] = points[0];
  if (points.length === 1) {
    context.arc(x * side, y * side, (width * side) / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.lineWidth = width * side;
  context.moveTo(x * side, y * side);
  for (const { to, control } of smoothSegments(points)) {
    if (control) context.quadraticCurveTo(control[0] * side, control[1] * side, to[0] * side, to[1] * side);
    else context.lineTo(to[0] * side, to[1] * side);
  }
  context.stroke();
}

/** The side of the picture that is sent: ten times the network's. */
export const SENT_SIDE = 280;

/**
 * The drawing as a PNG, black on white whatever the colours on the screen. Throws an ApiError where the browser
 * makes none, as when it has no memory left.
 *
 * Made at once: Chromium's `toBlob` waits for the page to be idle, on a busy computer for seconds, in which the
 * answer to an earlier line would stand beside the drawing. A page that is being left gets no second turn at all.
 *
 * @param {Stroke[]} strokes
 * @returns {Blob}
 */
export function strokesToPngAtOnce(strokes) {
  const blob = blobOf(canvasWith(strokes).toDataURL("image/png"));
  if (blob === null) throw new ApiError("refused", say("drawing.notMade"));
  return blob;
}

/**
 * The same, for those who wait for it: what goes wrong rejects.
 *
 * @param {Stroke[]} strokes
 */
export async function strokesToPng(strokes) {
  return strokesToPngAtOnce(strokes);
}

/** @param {Stroke[]} strokes */
function canvasWith(strokes) {
  const canvas = document.createElement("canvas");
  canvas.width = SENT_SIDE;
  canvas.height = SENT_SIDE;
  const context = contextOf(canvas);
  paintStrokes(context, strokes, SENT_SIDE, "#000");
  // Without an alpha channel, the PNG is a tenth smaller.
  const paper = document.createElement("canvas");
  paper.width = SENT_SIDE;
  paper.height = SENT_SIDE;
  const whole = contextOf(paper, { alpha: false });
  whole.fillStyle = "#fff";
  whole.fillRect(0, 0, SENT_SIDE, SENT_SIDE);
  whole.drawImage(canvas, 0, 0);
  return paper;
}

/**
 * Where on the screen a box of the drawing is, in pixels of the PNG that was sent.
 *
 * @param {HTMLCanvasElement} paper
 * @param {number[]} box
 */
export function placeOnPaper(paper, [x, y, width, height]) {
  const rect = paper.getBoundingClientRect();
  const scale = rect.width / SENT_SIDE;
  return new DOMRect(rect.x + x * scale, rect.y + y * scale, width * scale, height * scale);
}
