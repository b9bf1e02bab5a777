/** Arrays of numbers as the server sends them. */

/** @typedef {{ shape: number[], data: string }} Encoded */
/** @typedef {{ shape: number[], values: ArrayLike<number> }} NumberArray its numbers row by row */

/**
 * An array that came as { shape, data }: its shape, and its numbers row by row.
 *
 * @param {Encoded} encoded
 */
export function decodeNumbers({ shape, data }) {
  const text = atob(data);
  const view = new DataView(new ArrayBuffer(text.length));
  for (let i = 0; i < text.length; i += 1) view.setUint8(i, text.charCodeAt(i));
  const values = new Float32Array(text.length / 4);
  // By a DataView, because a typed array would read them in the computer's own byte order.
  for (let i = 0; i < values.length; i += 1) values[i] = view.getFloat32(i * 4, true);
  return { shape, values };
}
