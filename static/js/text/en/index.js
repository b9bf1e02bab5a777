/** English: all sentences that scripts show. */

import { common } from "./common.js";
import { course } from "./course.js";
import { draw } from "./draw.js";
import { explain } from "./explain.js";
import { files } from "./files.js";
import { gallery } from "./gallery.js";
import { models } from "./models.js";

export const messages = { ...common, ...course, ...draw, ...explain, ...files, ...gallery, ...models };
