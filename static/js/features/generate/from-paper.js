/** The paper of the page: a drawing, or a picture in its place. */

import { hasInk, strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { startFingerSwitch } from "../../drawing/finger-switch.js";
import { attachKeyboardPen } from "../../drawing/keyboard-pen.js";
import { Pad } from "../../drawing/pad.js";
import { strokesToPng } from "../../drawing/paint.js";
import { attachPointerPen } from "../../drawing/pointer-pen.js";
import { keep, kept } from "../../session/keep.js";
import { KEPT_DRAWING } from "../../session/subject.js";
import { byId, find } from "../../widgets/element.js";
import { EXAMPLE } from "./example.js";

export class FromPaper {
  #root;
  #pad;
  #image;
  #onChange;
  /** @type {import("../../drawing/drawing.js").Stroke[]} */
  #strokes = [];
  /** @type {Blob | null} A picture that lies on the paper. */
  #sent = null;

  /**
   * `onChange(make)` hears of each change; `make` gives the picture, and is null where the paper is empty.
   *
   * @param {HTMLElement} root
   * @param {(make: (() => Promise<Blob>) | null) => void} onChange
   */
  constructor(root, onChange) {
    this.#root = root;
    this.#onChange = onChange;
    this.#image = find(root, "[data-part=sent]", HTMLImageElement);
    const canvas = byId("pad", HTMLCanvasElement);
    this.#pad = new Pad(canvas, {
      onChange: (drawing) => this.#drawn(drawing),
      onStroke: () => this.#lay(null),
    });
    const fingerDraws = startFingerSwitch(byId("finger", HTMLButtonElement), canvas);
    attachPointerPen(canvas, this.#pad, fingerDraws);
    attachKeyboardPen(canvas, this.#pad);
    find(root, "[data-part=undo]", HTMLElement).addEventListener("click", () => this.#pad.undo());
    find(root, "[data-part=clear]", HTMLElement).addEventListener("click", () => this.clear());
  }

  /** Shows the drawing that goes along from page to page, or the example. */
  begin() {
    const strokes = strokesFromText(kept(KEPT_DRAWING));
    if (hasInk(strokes)) this.#pad.show(strokes);
    else this.#pad.showExample(EXAMPLE);
  }

  clear() {
    const wasPicture = this.#sent !== null;
    this.#lay(null);
    this.#pad.clear();
    if (wasPicture && this.#strokes.length === 0) this.#onChange(null);
  }

  /** @param {Blob} picture takes the drawing's place until something is drawn */
  take(picture) {
    this.#pad.clear();
    this.#lay(picture);
    this.#onChange(async () => picture);
  }

  /** @param {import("../../drawing/drawing.js").Drawing} drawing */
  #drawn(drawing) {
    this.#strokes = drawing.strokes;
    this.#lay(null);
    // The example is nobody's drawing, and so it is not kept.
    if (!drawing.isExample) keep(KEPT_DRAWING, strokesToText(drawing.strokes));
    this.#onChange(drawing.hasInk ? () => strokesToPng(drawing.strokes) : null);
  }

  /** @param {Blob | null} picture */
  #lay(picture) {
    if (this.#sent === picture) return;
    this.#sent = picture;
    URL.revokeObjectURL(this.#image.src);
    this.#image.hidden = picture === null;
    if (picture === null) this.#image.removeAttribute("src");
    else this.#image.src = URL.createObjectURL(picture);
    this.#root.dataset.paper = picture === null ? "drawing" : "picture";
  }
}
