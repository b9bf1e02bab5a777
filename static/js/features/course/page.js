/** The page of the course: one drawing, one filter, one photograph, one page, and the steps that follow them. */

import { acceptOnePicture } from "../../pictures/one-picture.js";
import { byId } from "../../widgets/element.js";
import { startAugmentation } from "./augmentation.js";
import { startBackpropagation } from "./backpropagation.js";
import { startClasses } from "./classes.js";
import { startColour } from "./colour.js";
import { startConvolution } from "./convolution.js";
import { startDense } from "./dense.js";
import { startDescent } from "./descent.js";
import { startHandout } from "./handout.js";
import { startOverfitting } from "./overfitting.js";
import { Paper } from "./paper.js";
import { Photograph } from "./photograph.js";
import { startNumbers } from "./picture-numbers.js";
import { startPoints } from "./points.js";
import { startPooling } from "./pooling.js";
import { startRelu } from "./relu.js";
import { startSoftmax } from "./softmax.js";
import { startStride } from "./stride.js";
import { Value } from "./value.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {{ kernel: Matrix, bias: number }} Filter of step 2, which later steps go on with */

/**
 * What all steps share: the picture of 28 × 28 numbers, the filter, the photograph in its three channels of
 * 32 × 32 numbers, and the server.
 *
 * @typedef {object} Course
 * @property {Value<Matrix>} picture
 * @property {Value<Filter>} filter
 * @property {Value<Matrix[]>} photograph
 * @property {Value<Blob>} page a picture that is brought for the step on whole pages
 * @property {string} applyUrl
 * @property {string} mapUrl
 * @property {import("../../session/connection.js").Connection} connection
 */

/** @type {Record<string, (root: HTMLElement, course: Course) => void>} */
const STEPS = {
  numbers: startNumbers,
  convolution: startConvolution,
  stride: startStride,
  relu: startRelu,
  pooling: startPooling,
  colour: startColour,
  dense: startDense,
  softmax: startSoftmax,
  classes: startClasses,
  descent: startDescent,
  backpropagation: startBackpropagation,
  augmentation: startAugmentation,
  overfitting: startOverfitting,
  points: startPoints,
};

/** The steps that take any picture: what is brought to others is a digit for the paper. */
const TAKES_PHOTOGRAPHS = "#colour, #augmentation";
const TAKES_PAGES = "#points";

/** @param {import("../../session/connection.js").Connection} connection */
export function startCourse(connection) {
  const main = byId("main", HTMLElement);
  const { predictUrl = "", applyUrl = "", mapUrl = "", catUrl = "" } = main.dataset;
  /** @type {Course} */
  const course = {
    picture: new Value(),
    filter: new Value(),
    photograph: new Value(),
    page: new Value(),
    applyUrl,
    mapUrl,
    connection,
  };
  for (const [id, start] of Object.entries(STEPS)) start(byId(id, HTMLElement), course);
  const paper = new Paper(byId("paper", HTMLElement), predictUrl, course);
  startHandout(main, byId("print", HTMLButtonElement));
  const photograph = new Photograph(main, catUrl, course.photograph);
  photograph.showCat();
  acceptOnePicture((picture, _, place) => {
    if (place.closest(TAKES_PHOTOGRAPHS)) photograph.read(picture);
    else if (place.closest(TAKES_PAGES)) course.page.set(picture);
    else paper.readPicture(picture);
  });
}
