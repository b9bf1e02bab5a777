/** Pictures made ready for sending: small enough, and of a size that is known. */

export const MOST_BYTES = 3_000_000;
export const LONGEST_SIDE = 2000;

/** Formats that the server reads, so that they can be sent as they are. */
const KNOWN_TYPES = new Set(["image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/tiff"]);

/** Tried in turn until the picture is small enough. */
const ATTEMPTS = [
  { side: LONGEST_SIDE, quality: 0.9 },
  { side: LONGEST_SIDE, quality: 0.75 },
  { side: 1400, quality: 0.7 },
];

export class PictureError extends Error {
  constructor(message) {
    super(message);
    this.name = "PictureError";
  }
}

/**
 * { blob, width, height } of what is to be sent. Width and height are null where the browser
 * cannot read the picture but the server perhaps can. Throws a PictureError that says what to do.
 *
 * `decode(file)` resolves to something with width, height and close(); `encode(bitmap, width,
 * height, quality)` to a JPEG. They are the browser's unless a test says otherwise.
 */
export async function preparePicture(file, { decode = decodeUpright, encode = encodeJpeg } = {}) {
  if (file.size === 0) throw new PictureError(`${nameOf(file)} is empty.`);
  if (file.type !== "" && !file.type.startsWith("image/")) {
    throw new PictureError(`${nameOf(file)} is not a picture. Choose a PNG or JPEG file, or a photo.`);
  }
  const bitmap = await decode(file).catch(() => null);
  if (bitmap === null) return asItIs(file);
  try {
    const { width, height } = bitmap;
    if (KNOWN_TYPES.has(file.type) && file.size <= MOST_BYTES && Math.max(width, height) <= LONGEST_SIDE) {
      return { blob: file, width, height };
    }
    return await shrink(bitmap, encode);
  } finally {
    bitmap.close();
  }
}

/** The size that fits into a square of `side` with the proportions kept; never larger than it was. */
export function fitInto(width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function asItIs(file) {
  if (file.size > MOST_BYTES) {
    const megabytes = (file.size / 1e6).toFixed(1);
    throw new PictureError(
      `This browser cannot open ${nameOf(file)}, and it is too large to send unopened (${megabytes} MB; 3 MB at most). Save it as a JPEG and try again.`,
    );
  }
  const blob = file.type === "" ? new Blob([file], { type: "image/x-unknown" }) : file;
  return { blob, width: null, height: null };
}

async function shrink(bitmap, encode) {
  for (const { side, quality } of ATTEMPTS) {
    const { width, height } = fitInto(bitmap.width, bitmap.height, side);
    const blob = await encode(bitmap, width, height, quality);
    if (blob.size <= MOST_BYTES) return { blob, width, height };
  }
  throw new PictureError("This picture stays too large even when shrunk. Cut out the part with the digit and try again.");
}

function nameOf(file) {
  return file.name ? `“${file.name}”` : "This file";
}

function decodeUpright(file) {
  return createImageBitmap(file, { imageOrientation: "from-image" });
}

function encodeJpeg(bitmap, width, height, quality) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  // JPEG has no transparency: what shows through is paper, not black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new PictureError("This picture could not be shrunk. Save it smaller and try again."))),
      "image/jpeg",
      quality,
    );
  });
}
