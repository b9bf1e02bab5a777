/** The page of the course: one drawing, one filter, and nine steps that follow them. */

import { startHeader } from "../../session/header.js";
import { startBackpropagation } from "./backpropagation.js";
import { startConvolution } from "./convolution.js";
import { startDense } from "./dense.js";
import { startDescent } from "./descent.js";
import { startNumbers } from "./picture-numbers.js";
import { Paper } from "./paper.js";
import { startPooling } from "./pooling.js";
import { startRelu } from "./relu.js";
import { startSoftmax } from "./softmax.js";
import { startStride } from "./stride.js";
import { Value } from "./value.js";

const { predictUrl, applyUrl } = document.getElementById("main").dataset;
const connection = startHeader();

/** The picture: 28 × 28 numbers. The filter of step 2: { kernel, bias }, which later steps go on with. */
const course = { picture: new Value(), filter: new Value(), applyUrl, connection };

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

for (const [id, start] of Object.entries(STEPS)) start(document.getElementById(id), course);
new Paper(document.getElementById("paper"), { predictUrl, connection, picture: course.picture });
