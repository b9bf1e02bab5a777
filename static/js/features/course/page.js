/** The page of the course: one drawing, one filter, and nine steps that follow them. */

import { acceptOnePicture } from "../../pictures/one-picture.js";
import { byId } from "../../widgets/element.js";
import { startBackpropagation } from "./backpropagation.js";
import { startConvolution } from "./convolution.js";
import { startDense } from "./dense.js";
import { startDescent } from "./descent.js";
import { startHandout } from "./handout.js";
import { Paper } from "./paper.js";
import { startNumbers } from "./picture-numbers.js";
import { startPooling } from "./pooling.js";
import { startRelu } from "./relu.js";
import { startSoftmax } from "./softmax.js";
import { startStride } from "./stride.js";
import { Value } from "./value.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {{ kernel: Matrix, bias: number }} Filter of step 2, which later steps go on with */

/**
 * What all steps share: the picture of 28 × 28 numbers, the filter, and the server.
 *
 * @typedef {object} Course
 * @property {Value<Matrix>} picture
 * @property {Value<Filter>} filter
 * @property {string} applyUrl
 * @property {import("../../session/connection.js").Connection} connection
 */

/** @type {Record<string, (root: HTMLElement, course: Course) => void>} */
const STEPS = {
  numbers: startNumbers,
  convolution: startConvolution,
  stride: startStride,
  relu: startRelu,
  pooling: startPooling,
  dense: startDense,
  softmax: startSoftmax,
  descent: startDescent,
  backpropagation: startBackpropagation,
};

/** @param {import("../../session/connection.js").Connection} connection */
export function startCourse(connection) {
  const { predictUrl = "", applyUrl = "" } = byId("main", HTMLElement).dataset;
  /** @type {Course} */
  const course = { picture: new Value(), filter: new Value(), applyUrl, connection };
  for (const [id, start] of Object.entries(STEPS)) start(byId(id, HTMLElement), course);
  const paper = new Paper(byId("paper", HTMLElement), predictUrl, course);
  startHandout(byId("main", HTMLElement), byId("print", HTMLButtonElement));
  acceptOnePicture((picture) => paper.readPicture(picture));
}
