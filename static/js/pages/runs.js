/** The page of all training runs. */

import { RunsPage } from "../features/runs/list-page.js";
import { PictureForm } from "../features/runs/picture-form.js";
import { startHeader } from "../session/header.js";
import { byId } from "../widgets/element.js";

new RunsPage(startHeader());
new PictureForm(byId("train-pictures", HTMLFormElement));
