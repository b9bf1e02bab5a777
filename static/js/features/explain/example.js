/** A digit to begin with, for those who come with nothing: a 3, as a hand writes it. */

/** @typedef {import("../../drawing/drawing.js").Stroke} Stroke */

/** @type {(...numbers: number[]) => import("../../drawing/geometry.js").Point[]} */
const arc = (centreX, centreY, radiusX, radiusY, from, to) =>
  Array.from({ length: 25 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 24) * Math.PI) / 180;
    return [centreX + radiusX * Math.cos(angle), centreY + radiusY * Math.sin(angle)];
  });

/** @type {Stroke[]} */
export const EXAMPLE = [
  { tool: "pen", width: 0.055, points: arc(0.48, 0.34, 0.16, 0.135, -155, 95) },
  { tool: "pen", width: 0.055, points: arc(0.475, 0.64, 0.19, 0.165, -90, 150) },
];
