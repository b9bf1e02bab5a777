/** The reader's drawing, and the picture of 28 × 28 numbers that the server makes of it. */

import { ApiError } from "../../api/error.js";
import { Predictor } from "../../api/predict.js";
import { hasInk, strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { attachKeyboardPen } from "../../drawing/keyboard-pen.js";
import { Pad } from "../../drawing/pad.js";
import { strokesToPng } from "../../drawing/paint.js";
import { attachPointerPen } from "../../drawing/pointer-pen.js";
import { keep, kept } from "../../session/keep.js";
import { KEPT_DRAWING } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { describe } from "../../widgets/answer-words.js";
import { greyLevelsOf } from "../../widgets/canvas.js";
import { byId, find } from "../../widgets/element.js";
import { mapped, round } from "../../widgets/matrix.js";
import { printAfter } from "../../widgets/printing.js";
import { BUILT_IN } from "./built-in.js";
import { choices, part } from "./parts.js";

/** @typedef {import("../../drawing/drawing.js").Stroke} Stroke */

export class Paper {
  #root;
  #page = byId("main", HTMLElement);
  #pad;
  #predictor;
  #connection;
  #picture;
  #isOwedAnAnswer = false;
  /** @type {Stroke[]} */
  #strokes = [];
  /** @type {Blob | null} A picture that lies on the paper. */
  #sent = null;

  /**
   * The course's picture gets the numbers: 0 for bare paper to 1 for ink, in hundredths.
   *
   * @param {HTMLElement} root
   * @param {string} predictUrl
   * @param {import("./page.js").Course} course
   */
  constructor(root, predictUrl, { connection, picture }) {
    this.#root = root;
    this.#predictor = new Predictor(predictUrl);
    this.#connection = connection;
    this.#picture = picture;
    const canvas = find(root, ".pad", HTMLCanvasElement);
    this.#pad = new Pad(canvas, {
      onChange: (drawing) => this.#changed(drawing),
      onStroke: () => this.#showSent(null),
    });
    attachPointerPen(canvas, this.#pad);
    attachKeyboardPen(canvas, this.#pad);
    choices(root, "tool", (tool) => {
      this.#pad.tool = tool === "eraser" ? "eraser" : "pen";
    });
    part(root, "undo").addEventListener("click", () => this.#pad.undo());
    part(root, "clear").addEventListener("click", () => this.#pad.clear());
    part(root, "built-in").addEventListener("click", () => this.#showBuiltIn());
    connection.subscribe((state) => {
      if (state === "up" && this.#isOwedAnAnswer) this.#read();
    });
    const strokes = strokesFromText(kept(KEPT_DRAWING));
    if (hasInk(strokes)) this.#pad.show(strokes);
    else this.#showBuiltIn();
  }

  #showBuiltIn() {
    this.#pad.showExample(BUILT_IN);
  }

  /** @param {import("../../drawing/drawing.js").Drawing} drawing */
  #changed(drawing) {
    this.#strokes = drawing.strokes;
    this.#showSent(null);
    // The built-in digit is nobody's drawing, and so it is not kept.
    if (!drawing.isExample) keep(KEPT_DRAWING, strokesToText(drawing.strokes));
    this.#isOwedAnAnswer = false;
    if (drawing.hasInk) {
      this.#read();
    } else {
      this.#predictor.abort();
      this.#say(say("course.drawFirst"));
    }
  }

  /** @param {Blob} picture takes the drawing's place until something is drawn */
  readPicture(picture) {
    this.#showSent(picture);
    this.#read();
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

  #read() {
    printAfter(this.#askForNumbers());
  }

  async #askForNumbers() {
    const [strokes, sent] = [this.#strokes, this.#sent];
    const isCurrent = () => strokes === this.#strokes && sent === this.#sent;
    try {
      const picture = sent ?? (await strokesToPng(strokes));
      if (!isCurrent()) return;
      const answer = await this.#predictor.read(picture);
      if (answer && isCurrent()) await this.#accept(answer, isCurrent);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!isCurrent()) return;
      this.#isOwedAnAnswer = error.isAway;
      if (error.isAway) this.#connection.reportSilence();
      // What the steps show is of the picture before.
      this.#page.dataset.state = "stale";
      this.#say(say("course.drawingStays", { problem: error.message }));
    }
  }

  /**
   * @param {import("../../api/predict.js").Answer} answer
   * @param {() => boolean} isCurrent
   */
  async #accept(answer, isCurrent) {
    this.#isOwedAnAnswer = false;
    this.#page.dataset.state = "read";
    this.#connection.reportAnswer();
    const { words, detail, kind } = describe(answer);
    if (kind === "refusal") {
      this.#say(say("course.goesOn", { problem: words }));
      return;
    }
    const levels = await greyLevelsOf(answer.digits[0].normalised);
    if (!isCurrent()) return;
    this.#say(kind === "number" ? say("course.several") : say("course.read", { words, detail }));
    // Hundredths make sums that can be checked by hand.
    this.#picture.set(mapped(levels, (level) => round(level / 255, 2)));
  }

  /** @param {string} words */
  #say(words) {
    part(this.#root, "reading").textContent = words;
  }
}
