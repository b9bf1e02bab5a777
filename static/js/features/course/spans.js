/** The colours of matrices: each as far as its own numbers go. */

import { magnitude } from "../../widgets/matrix.js";

/**
 * @param {import("../../widgets/matrix.js").Matrix} source
 * @returns {import("../../widgets/scales.js").Span}
 */
export function signed({ values }) {
  return { kind: "signed", limit: magnitude(values) };
}

/**
 * @param {import("../../widgets/matrix.js").Matrix} source
 * @returns {import("../../widgets/scales.js").Span}
 */
export function positive({ values }) {
  return { kind: "positive", limit: magnitude(values) };
}
