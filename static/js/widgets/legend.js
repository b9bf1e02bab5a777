/** The legend of a scale: its colours, and the numbers at its ends. */

/**
 * Writes the ends of a scale. `legend` has a .legend-low and a .legend-high, and may have a .legend-zero
 * for where zero lies between them.
 *
 * @param {HTMLElement} legend
 * @param {import("./scales.js").Span} span
 * @param {(value: number) => string} format
 */
export function showLegend(legend, { kind, limit }, format) {
  const isSigned = kind === "signed";
  legend.dataset.scale = kind;
  const texts = { low: isSigned ? format(-limit) : "0", zero: isSigned ? "0" : "", high: format(limit) };
  for (const [name, text] of Object.entries(texts)) {
    const place = legend.querySelector(`.legend-${name}`);
    if (place !== null) place.textContent = text;
  }
}
