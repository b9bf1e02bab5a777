/**
 * What a layer does at one place, in the numbers that were added and multiplied.
 *
 * Arrays are { shape, values }: maps (H, W, C), kernels (K, K, C, F), weights of dense layers (D, F).
 */

/** The first row and column of the input that a window reads for an output pixel; it may lie outside. */
export function windowAt(row, column, { stride, padding }) {
  return { top: row * stride[0] - padding[0], left: column * stride[1] - padding[1] };
}

/** A window's numbers in one channel, row by row; NaN where it looks beyond the edge. */
export function patchOf({ shape, values }, { top, left }, [height, width], channel) {
  const [rows, columns, channels] = shape;
  const patch = new Float32Array(height * width).fill(NaN);
  for (let i = 0; i < patch.length; i += 1) {
    const row = top + Math.floor(i / width);
    const column = left + (i % width);
    if (row >= 0 && row < rows && column >= 0 && column < columns) {
      patch[i] = values[(row * columns + column) * channels + channel];
    }
  }
  return patch;
}

/** A filter's numbers for one channel, row by row. */
export function kernelOf({ shape, values }, channel, filter) {
  const [height, width, channels, filters] = shape;
  const kernel = new Float32Array(height * width);
  for (let i = 0; i < kernel.length; i += 1) kernel[i] = values[(i * channels + channel) * filters + filter];
  return kernel;
}

/** Number by number; beyond the edge there is nothing, which counts as 0. */
export function productsOf(patch, kernel) {
  return Float32Array.from(patch, (value, i) => (Number.isNaN(value) ? 0 : value * kernel[i]));
}

export function sumOf(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** What each channel adds to one output pixel of a convolution. */
export function channelSums(input, weight, corner, filter) {
  const [height, width, channels] = weight.shape;
  return Float32Array.from({ length: channels }, (_, channel) =>
    sumOf(productsOf(patchOf(input, corner, [height, width], channel), kernelOf(weight, channel, filter))),
  );
}

/** Index of the number farthest from zero. */
export function strongest(values) {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (Math.abs(values[i]) > Math.abs(values[best])) best = i;
  return best;
}

/** Which number of a window the pooling took, or -1 where it took their mean. */
export function pooledIndex(kind, patch) {
  if (kind !== "MaxPool2D" && kind !== "MinPool2D") return -1;
  const isBetter = kind === "MaxPool2D" ? (a, b) => a > b : (a, b) => a < b;
  let best = -1;
  patch.forEach((value, i) => {
    if (!Number.isNaN(value) && (best < 0 || isBetter(value, patch[best]))) best = i;
  });
  return best;
}

/** What each input adds to one output of a dense layer, the farthest from zero first. */
export function contributionsTo(unit, input, weight) {
  const [count, units] = weight.shape;
  return Array.from({ length: count }, (_, index) => {
    const factor = weight.values[index * units + unit];
    return { index, input: input.values[index], weight: factor, product: input.values[index] * factor };
  }).sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
}

/**
 * Softmax, step by step: the score, the score over the temperature, its exponential, the share.
 *
 * The largest is taken away before the exponential, as the network does it: the shares stay the
 * same, and no exponential is too large for a computer.
 */
export function softmaxSteps(scores, temperature) {
  const largest = Math.max(...scores) / temperature;
  const rows = Array.from(scores, (score) => ({ score, shifted: score / temperature - largest }));
  for (const row of rows) row.exponential = Math.exp(row.shifted);
  const total = sumOf(rows.map((row) => row.exponential));
  return { total, rows: rows.map((row) => ({ ...row, probability: row.exponential / total })) };
}
