/** Pictures made ready for sending: small enough, and of a size that is known. */

import { say } from "../text/catalogue.js";
import { canvasToBlob } from "../widgets/canvas-file.js";
import { contextOf, el } from "../widgets/element.js";

/** @typedef {{ blob: Blob, width: number, height: number }} Shown */
/** @typedef {{ blob: Blob, width: null, height: null }} Unseen what the server can read, but not the browser */
/** @typedef {Shown | Unseen} Prepared */
/** @typedef {{ width: number, height: number, close: () => void }} Bitmap */

/**
 * What is the browser's unless a test says otherwise: `decode(file)` resolves to a bitmap,
 * `encode(bitmap, width, height, quality)` to a JPEG, or to a PNG where something shows through.
 *
 * @typedef {object} Codec
 * @property {(file: File) => Promise<any>} [decode]
 * @property {(bitmap: any, width: number, height: number, quality: number) => Promise<Blob>} [encode]
 */

export const MOST_BYTES = 3_000_000;
export const LONGEST_SIDE = 2000;

/** Formats that the server reads, so that they can be sent as they are. */
const FORMATS = ["png", "jpeg", "webp", "gif", "bmp", "tiff", "heic", "avif"];
const KNOWN_TYPES = new Set(FORMATS.map((format) => `image/${format}`));

/** Tried in turn until the picture is small enough. */
const ATTEMPTS = [
  { side: LONGEST_SIDE, quality: 0.9 },
  { side: LONGEST_SIDE, quality: 0.75 },
  { side: 1400, quality: 0.7 },
];

export class PictureError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "PictureError";
  }
}

/**
 * What is to be sent of a file. Throws a PictureError that says what to do.
 *
 * @param {File} file
 * @param {Codec} [codec]
 * @returns {Promise<Prepared>}
 */
export async function preparePicture(file, { decode = decodeUpright, encode = encodeBitmap } = {}) {
  if (file.size === 0) throw new PictureError(say("file.empty", { file: nameOf(file) }));
  // Read here, since a file that has gone, or is a folder, would look like a server that has.
  const bytes = await file.arrayBuffer().catch(() => null);
  if (bytes === null) throw new PictureError(say("file.unreadable", { file: nameOf(file) }));
  const bitmap = await decode(file).catch(() => null);
  if (bitmap === null) return asItIs(file, bytes);
  try {
    const { width, height } = bitmap;
    if (KNOWN_TYPES.has(file.type) && file.size <= MOST_BYTES && Math.max(width, height) <= LONGEST_SIDE) {
      return { blob: new Blob([bytes], { type: file.type }), width, height };
    }
    return await shrink(bitmap, encode);
  } finally {
    bitmap.close();
  }
}

/**
 * The size that fits into a square of `side` with the proportions kept; never larger than it was.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} side
 */
export function fitInto(width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * What the browser cannot open goes to the server, which judges it by its bytes, whatever its name and type.
 *
 * @param {File} file
 * @param {ArrayBuffer} bytes
 * @returns {Prepared}
 */
function asItIs(file, bytes) {
  if (file.size > MOST_BYTES) {
    const megabytes = (file.size / 1e6).toFixed(1);
    throw new PictureError(say("file.cannotBeOpened", { file: nameOf(file), megabytes }));
  }
  const type = file.type.startsWith("image/") ? file.type : "application/octet-stream";
  return { blob: new Blob([bytes], { type }), width: null, height: null };
}

/**
 * @param {Bitmap} bitmap
 * @param {NonNullable<Codec["encode"]>} encode
 */
async function shrink(bitmap, encode) {
  for (const { side, quality } of ATTEMPTS) {
    const { width, height } = fitInto(bitmap.width, bitmap.height, side);
    const blob = await encode(bitmap, width, height, quality);
    if (blob.size <= MOST_BYTES) return { blob, width, height };
  }
  throw new PictureError(say("file.staysTooLarge"));
}

/**
 * A copy that takes little room; null where the browser cannot open the picture.
 *
 * @param {Blob} blob
 * @returns {Promise<Blob | null>}
 */
export async function smallCopy(blob) {
  const bitmap = await decodeUpright(blob).catch(() => null);
  if (bitmap === null) return null;
  const { side, quality } = ATTEMPTS[ATTEMPTS.length - 1];
  const { width, height } = fitInto(bitmap.width, bitmap.height, side);
  return encodeBitmap(bitmap, width, height, quality).finally(() => bitmap.close());
}

/** @param {File} file */
function nameOf({ name }) {
  return name ? say("file.named", { name }) : say("file.unnamed");
}

/**
 * A picture turned as its EXIF data say. Rejects where the browser cannot open it.
 *
 * @param {Blob} blob
 */
export function decodeUpright(blob) {
  return createImageBitmap(blob, { imageOrientation: "from-image" });
}

/**
 * What shows through stays so, in a PNG: the server decides what lies behind, as for a file that is sent as it is.
 *
 * @param {ImageBitmap} bitmap
 * @param {number} width
 * @param {number} height
 * @param {number} quality
 * @returns {Promise<Blob>}
 */
async function encodeBitmap(bitmap, width, height, quality) {
  const canvas = el("canvas", { width, height });
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const isSeenThrough = data.some((level, i) => i % 4 === 3 && level < 255);
  const blob = await canvasToBlob(canvas, isSeenThrough ? "image/png" : "image/jpeg", quality);
  if (blob === null) throw new PictureError(say("file.cannotBeShrunk"));
  return blob;
}
