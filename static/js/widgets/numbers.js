/** Numbers as the server sends them, and as people read them. */

/** An array that came as { shape, data }: its shape, and its numbers row by row. */
export function decodeNumbers({ shape, data }) {
  const text = atob(data);
  const view = new DataView(new ArrayBuffer(text.length));
  for (let i = 0; i < text.length; i += 1) view.setUint8(i, text.charCodeAt(i));
  const values = new Float32Array(text.length / 4);
  // By a DataView, because a typed array would read them in the computer's own byte order.
  for (let i = 0; i < values.length; i += 1) values[i] = view.getFloat32(i * 4, true);
  return { shape, values };
}

/** One channel of an (H, W, C) array as H·W numbers; a vector is one row of pixels. */
export function channelOf({ shape, values }, channel) {
  const [height, width, count] = asMaps(shape);
  const map = new Float32Array(height * width);
  for (let i = 0; i < map.length; i += 1) map[i] = values[i * count + channel];
  return map;
}

/** (H, W, C) of a shape, where the numbers of a vector (D,) are D maps of a single pixel. */
export function asMaps(shape) {
  return shape.length === 3 ? shape : [1, 1, shape[0]];
}

/** [smallest, largest]. */
export function rangeOf(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** A number with a true minus, and no minus before a zero. */
export function formatNumber(value, decimals = 2) {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A number for a small cell: three figures say enough, and four would not fit. */
export function formatShort(value) {
  const size = Math.abs(value);
  return formatNumber(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

/** A number that is added to others: always with its sign. */
export function formatSigned(value, decimals = 2) {
  const text = formatNumber(value, decimals);
  return text.startsWith("−") ? text : `+${text}`;
}

export function formatCount(count) {
  return count.toLocaleString("en-GB");
}

export function formatShape(shape) {
  return shape.join("\u00a0×\u00a0");
}
