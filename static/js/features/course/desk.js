/** A paper with a pen, an eraser and a ready-made drawing; or a picture that lies on it. */

import { attachKeyboardPen } from "../../drawing/keyboard-pen.js";
import { Pad } from "../../drawing/pad.js";
import { strokesToPng } from "../../drawing/paint.js";
import { attachPointerPen } from "../../drawing/pointer-pen.js";
import { find } from "../../widgets/element.js";
import { choices, part } from "./parts.js";

/** @typedef {import("../../drawing/drawing.js").Stroke} Stroke */

/** @typedef {{ isCurrent: () => boolean, toPicture: () => Promise<Blob> }} Taken what lay on the desk at a moment */

export class Desk {
  #root;
  #pad;
  /** @type {Stroke[]} */
  #strokes = [];
  /** @type {Blob | null} A picture that lies on the paper. */
  #sent = null;

  /**
   * `onChange(drawing)` follows every change of the drawing. `showReadyMade(pad)` puts the ready-made drawing
   * on the paper.
   *
   * @param {HTMLElement} root is made of `desk_tools` and has a .sheet
   * @param {object} options
   * @param {(drawing: import("../../drawing/drawing.js").Drawing) => void} options.onChange
   * @param {(pad: Pad) => void} options.showReadyMade
   */
  constructor(root, { onChange, showReadyMade }) {
    this.#root = root;
    const canvas = find(root, ".pad", HTMLCanvasElement);
    this.#pad = new Pad(canvas, {
      onChange: (drawing) => {
        this.#strokes = drawing.strokes;
        this.#showSent(null);
        onChange(drawing);
      },
      onStroke: () => this.#showSent(null),
    });
    attachPointerPen(canvas, this.#pad);
    attachKeyboardPen(canvas, this.#pad);
    choices(root, "tool", (tool) => {
      this.#pad.tool = tool === "eraser" ? "eraser" : "pen";
    });
    part(root, "undo").addEventListener("click", () => this.#pad.undo());
    part(root, "clear").addEventListener("click", () => this.#pad.clear());
    part(root, "built-in").addEventListener("click", () => showReadyMade(this.#pad));
  }

  get pad() {
    return this.#pad;
  }

  /** @param {Blob} picture takes the drawing's place until something is drawn */
  lay(picture) {
    this.#showSent(picture);
  }

  /**
   * What lies on it now. To make a picture of it may throw an ApiError.
   *
   * @returns {Taken}
   */
  take() {
    const [strokes, sent] = [this.#strokes, this.#sent];
    return {
      isCurrent: () => strokes === this.#strokes && sent === this.#sent,
      toPicture: async () => sent ?? strokesToPng(strokes),
    };
  }

  /** @param {Blob | null} picture */
  #showSent(picture) {
    if (this.#sent === picture) return;
    this.#sent = picture;
    const image = find(this.#root, "[data-part=sent]", HTMLImageElement);
    URL.revokeObjectURL(image.src);
    image.hidden = picture === null;
    if (picture === null) image.removeAttribute("src");
    else image.src = URL.createObjectURL(picture);
  }
}
