/** English: all sentences that scripts show. */

import { account } from "./account.js";
import { common } from "./common.js";
import { course } from "./course.js";
import { dataset } from "./dataset.js";
import { draw } from "./draw.js";
import { explainNetworks } from "./explain-networks.js";
import { explain } from "./explain.js";
import { files } from "./files.js";
import { gallery } from "./gallery.js";
import { generate } from "./generate.js";
import { live } from "./live.js";
import { models } from "./models.js";
import { practice } from "./practice.js";
import { reference } from "./reference.js";
import { review } from "./review.js";
import { runs } from "./runs.js";
import { streams } from "./streams.js";
import { wall } from "./wall.js";
import { worksheets } from "./worksheets.js";

export const messages = {
  ...account,
  ...common,
  ...course,
  ...dataset,
  ...draw,
  ...explain,
  ...explainNetworks,
  ...files,
  ...gallery,
  ...generate,
  ...live,
  ...models,
  ...practice,
  ...reference,
  ...review,
  ...runs,
  ...streams,
  ...wall,
  ...worksheets,
};
