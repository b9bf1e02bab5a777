import assert from "node:assert/strict";
import { test } from "node:test";

import {
  fitInto,
  LONGEST_SIDE,
  MOST_BYTES,
  preparePicture,
} from "../../../static/js/pictures/prepare-picture.js";

const fileOf = (size, type, name = "photo") => new File([new Uint8Array(size)], name, { type });

function decoderOf(width, height) {
  const closed = [];
  const decode = async () => ({ width, height, close: () => closed.push(true) });
  return { decode, closed };
}

/** An encoder whose pictures have these sizes in turn. */
function encoderOf(...sizes) {
  const asked = [];
  const encode = async (bitmap, width, height, quality) => {
    asked.push({ width, height, quality });
    return new Blob([new Uint8Array(sizes.shift())], { type: "image/jpeg" });
  };
  return { encode, asked };
}

const cannotDecode = async () => {
  throw new Error("not for this browser");
};

test("a small picture is sent as it is", async () => {
  const file = fileOf(1000, "image/png");
  const { decode, closed } = decoderOf(28, 30);
  const picture = await preparePicture(file, { decode });
  assert.deepEqual([picture.blob.size, picture.blob.type], [1000, "image/png"]);
  assert.deepEqual([picture.width, picture.height], [28, 30]);
  assert.equal(closed.length, 1);
});

test("a phone's photo is shrunk to a JPEG of at most 2000 pixels a side", async () => {
  const { decode, closed } = decoderOf(3000, 4000);
  const { encode, asked } = encoderOf(800_000);
  const picture = await preparePicture(fileOf(5_000_000, "image/jpeg"), { decode, encode });
  assert.deepEqual([picture.width, picture.height], [1500, LONGEST_SIDE]);
  assert.equal(picture.blob.type, "image/jpeg");
  assert.equal(asked.length, 1);
  assert.equal(closed.length, 1);
});

test("a format that the browser reads and the server does not is turned into a JPEG", async () => {
  const { encode } = encoderOf(1000);
  const picture = await preparePicture(fileOf(1000, "image/x-icon"), { ...decoderOf(300, 200), encode });
  assert.equal(picture.blob.type, "image/jpeg");
  assert.deepEqual([picture.width, picture.height], [300, 200]);
});

test("what stays too large is shrunk further", async () => {
  const { encode, asked } = encoderOf(MOST_BYTES + 1, MOST_BYTES);
  const picture = await preparePicture(fileOf(9_000_000, "image/png"), { ...decoderOf(2000, 2000), encode });
  assert.equal(picture.blob.size, MOST_BYTES);
  assert.ok(asked[1].quality < asked[0].quality);
});

test("what cannot be made small enough is told, with what to do", async () => {
  const { encode } = encoderOf(...Array(3).fill(MOST_BYTES + 1));
  const shrinking = preparePicture(fileOf(10, "image/x-icon"), { ...decoderOf(9, 9), encode });
  await assert.rejects(shrinking, { name: "PictureError", message: /Crop it/ });
});

test("a small picture that the browser cannot open goes to the server unopened", async () => {
  const file = fileOf(1000, "image/tiff");
  const { blob, width, height } = await preparePicture(file, { decode: cannotDecode });
  assert.deepEqual([blob.size, blob.type, width, height], [1000, "image/tiff", null, null]);
});

test("a file of no known type goes to the server, which looks at its bytes", async () => {
  for (const type of ["", "text/plain"]) {
    const { blob } = await preparePicture(fileOf(1000, type), { decode: cannotDecode });
    assert.equal(blob.type, "application/octet-stream");
    assert.equal(blob.size, 1000);
  }
});

test("a large one that the browser cannot open is told, with what to do", async () => {
  const file = fileOf(MOST_BYTES + 1, "image/heic", "IMG_1.heic");
  await assert.rejects(preparePicture(file, { decode: cannotDecode }), { message: /IMG_1\.heic.*save it as a JPEG/ });
});

test("a file that has gone, or is a folder, is told, with what to do", async () => {
  const gone = Object.assign(fileOf(1000, "", "holiday"), { arrayBuffer: () => Promise.reject(new Error("gone")) });
  await assert.rejects(preparePicture(gone, { decode: cannotDecode }), { message: /holiday.*cannot be opened/ });
});

test("an empty file is not sent", async () => {
  await assert.rejects(preparePicture(fileOf(0, "image/png", "empty.png")), { message: /empty/ });
});

test("fitting keeps the proportions, never enlarges, and never vanishes", () => {
  assert.deepEqual(fitInto(4000, 2000, 1000), { width: 1000, height: 500 });
  assert.deepEqual(fitInto(40, 20, 1000), { width: 40, height: 20 });
  assert.deepEqual(fitInto(100_000, 1, 1000), { width: 1000, height: 1 });
});
