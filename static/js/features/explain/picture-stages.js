/** From a picture to the input of a network: the stages as pictures, and the three maps of a colour picture. */

import { paintedCanvas } from "../../widgets/canvas.js";
import { byId } from "../../widgets/element.js";
import { channelOf } from "../../widgets/layers.js";
import { wordsOfPictureStage } from "./layer-words.js";
import { CHANNELS, spanOf } from "./sprites.js";
import { stageOf } from "./stage.js";

/** @param {import("./explained.js").Explained} explained */
export function showStages({ answer, input, picture }) {
  const [rows, columns, channels] = picture.shape;
  const size = { rows, columns };
  const stages = answer.stages.map(({ name, image }) => stageOf(image, ...wordsOfPictureStage(name, size)));
  const maps = channels === CHANNELS.length ? CHANNELS : [];
  const colours = maps.map((name, map) => {
    const canvas = paintedCanvas(channelOf(input, map), spanOf(picture, [0, 1], map));
    return stageOf(canvas.toDataURL(), ...wordsOfPictureStage(name, size));
  });
  byId("stages", HTMLElement).replaceChildren(...stages, ...colours);
}
