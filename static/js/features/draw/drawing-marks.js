/** What was left out of a drawing, marked on its paper. */

import { SENT_SIDE } from "../../drawing/paint.js";
import { byId } from "../../widgets/element.js";
import { markLeftOut } from "../../widgets/left-out.js";

/** @typedef {import("../../api/predict.js").Answer} Answer */

const SIZE = { width: SENT_SIDE, height: SENT_SIDE };

export class DrawingMarks {
  #svg = byId("left-out", SVGSVGElement);

  /** @param {Answer | null} answer to the drawing that is on the paper; null without one */
  show(answer) {
    const boxes = (answer?.digits ?? []).map(({ box }) => box);
    const scale = SENT_SIDE / (this.#svg.clientWidth || SENT_SIDE);
    this.#svg.replaceChildren(...markLeftOut(answer?.left_out ?? [], boxes, SIZE, scale));
  }
}
