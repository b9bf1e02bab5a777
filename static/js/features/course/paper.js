/** The reader's drawing, and the picture of 28 × 28 numbers that the server makes of it. */

import { strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { attachKeyboardPen } from "../../drawing/keyboard-pen.js";
import { Pad } from "../../drawing/pad.js";
import { strokesToPng } from "../../drawing/paint.js";
import { attachPointerPen } from "../../drawing/pointer-pen.js";
import { keep, kept } from "../../session/keep.js";
import { PredictError, Predictor } from "../../api/predict.js";
import { describe } from "../../widgets/answer-words.js";
import { matrix, round } from "./arithmetic.js";
import { BUILT_IN } from "./built-in.js";
import { choices, part } from "./parts.js";

/** The reader's drawing goes along from page to page. */
const KEPT_DRAWING = "digitnet.drawing";
const SIDE = 28;

export class Paper {
  #root;
  #pad;
  #predictor;
  #connection;
  #picture;
  #isOwedAnAnswer = false;
  #strokes = [];
  /** The built-in digit is nobody's drawing, and so it is not kept. */
  #isBuiltIn = false;

  /** `picture` is the Value that gets the numbers: 0 for bare paper to 1 for ink, in hundredths. */
  constructor(root, { predictUrl, connection, picture }) {
    this.#root = root;
    this.#predictor = new Predictor(predictUrl);
    this.#connection = connection;
    this.#picture = picture;
    const canvas = root.querySelector(".pad");
    this.#pad = new Pad(canvas, { onChange: (drawing) => this.#changed(drawing), onStroke: () => {} });
    attachPointerPen(canvas, this.#pad);
    attachKeyboardPen(canvas, this.#pad);
    choices(root, "tool", (tool) => {
      this.#pad.tool = tool;
    });
    part(root, "undo").addEventListener("click", () => this.#pad.undo());
    part(root, "clear").addEventListener("click", () => this.#pad.clear());
    part(root, "built-in").addEventListener("click", () => this.#showBuiltIn());
    connection.subscribe((state) => {
      if (state === "up" && this.#isOwedAnAnswer) this.#read();
    });
    const strokes = strokesFromText(kept(KEPT_DRAWING));
    if (strokes.some(({ tool }) => tool === "pen")) this.#pad.show(strokes);
    else this.#showBuiltIn();
  }

  #showBuiltIn() {
    this.#isBuiltIn = true;
    this.#pad.show(BUILT_IN);
    this.#isBuiltIn = false;
  }

  #changed({ strokes, hasInk }) {
    this.#strokes = strokes;
    if (!this.#isBuiltIn) keep(KEPT_DRAWING, strokesToText(strokes));
    this.#isOwedAnAnswer = false;
    if (hasInk) {
      this.#read();
    } else {
      this.#predictor.abort();
      this.#say("Draw a digit: the page goes on with the last one until then.");
    }
  }

  async #read() {
    const strokes = this.#strokes;
    const png = await strokesToPng(strokes);
    if (strokes !== this.#strokes) return;
    try {
      const answer = await this.#predictor.read(png);
      if (answer) await this.#take(answer, () => strokes === this.#strokes);
    } catch (error) {
      if (!(error instanceof PredictError)) throw error;
      this.#isOwedAnAnswer = error.kind === "away";
      if (this.#isOwedAnAnswer) this.#connection.reportSilence();
      this.#say(`${error.message}. Your drawing stays.`);
    }
  }

  async #take(answer, isCurrent) {
    this.#isOwedAnAnswer = false;
    this.#connection.reportAnswer();
    const { words, detail, kind } = describe(answer);
    if (kind === "refusal") {
      this.#say(`${words} The page goes on with the last digit.`);
      return;
    }
    const picture = await pixelsOf(answer.digits[0].normalised);
    if (!isCurrent()) return;
    this.#say(kind === "number" ? "Several digits: the course goes on with the first." : `${words}, ${detail}`);
    this.#picture.set(picture);
  }

  #say(words) {
    part(this.#root, "reading").textContent = words;
  }
}

/** The numbers of a 28 × 28 picture, white ink on black. Hundredths make sums that can be checked by hand. */
async function pixelsOf(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  const context = new OffscreenCanvas(SIDE, SIDE).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return matrix(SIDE, SIDE, Array.from({ length: SIDE * SIDE }, (_, i) => round(data[i * 4] / 255, 2)));
}
