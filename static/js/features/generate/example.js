/** A ready-made 4, which shows what happens before anybody has drawn. */

/** @type {import("../../drawing/drawing.js").Stroke[]} */
export const EXAMPLE = [
  { tool: "pen", width: 0.055, points: [[0.42, 0.18], [0.36, 0.34], [0.29, 0.53], [0.5, 0.53], [0.72, 0.51]] },
  { tool: "pen", width: 0.055, points: [[0.61, 0.3], [0.59, 0.55], [0.55, 0.85]] },
];
