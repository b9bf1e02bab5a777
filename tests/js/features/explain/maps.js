/** 28 × 28 numbers, with a square of one value around each of some places: [row, column, value]. */
export function mapWith(...squares) {
  const map = new Float32Array(784);
  for (const [row, column, value] of squares) {
    for (let r = row - 1; r <= row + 1; r += 1) {
      for (let c = column - 1; c <= column + 1; c += 1) map[r * 28 + c] = value;
    }
  }
  return map;
}
