/** The course. */

import { startCourse } from "../features/course/page.js";
import { startHeader } from "../session/header.js";

startCourse(startHeader());
