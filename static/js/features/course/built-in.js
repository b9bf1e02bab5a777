/** A digit for those who have not drawn one yet: a 5, which has straight and round, upright and level. */

/** @typedef {import("../../drawing/drawing.js").Stroke} Stroke */

/** @type {import("../../drawing/geometry.js").Point[]} */
const BOWL = Array.from({ length: 17 }, (_, i) => {
  const turn = -2.35 + (i / 16) * 4.5;
  return [0.47 + 0.19 * Math.cos(turn), 0.61 + 0.185 * Math.sin(turn)];
});

/** @type {Stroke[]} */
export const BUILT_IN = [
  { tool: "pen", width: 0.06, points: [[0.36, 0.2], [0.35, 0.34], [0.335, 0.475], ...BOWL] },
  { tool: "pen", width: 0.06, points: [[0.36, 0.2], [0.5, 0.195], [0.66, 0.19]] },
];
