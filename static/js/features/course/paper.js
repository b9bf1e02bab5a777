/** The reader's drawing, and the picture of 28 × 28 numbers that the server makes of it. */

import { ApiError } from "../../api/error.js";
import { Predictor } from "../../api/predict.js";
import { hasInk, strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { keep, kept } from "../../session/keep.js";
import { KEPT_DRAWING } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { describe } from "../../widgets/answer-words.js";
import { greyLevelsOf } from "../../widgets/canvas.js";
import { byId } from "../../widgets/element.js";
import { mapped, round } from "../../widgets/matrix.js";
import { printAfter } from "../../widgets/printing.js";
import { BUILT_IN } from "./built-in.js";
import { Desk } from "./desk.js";
import { part } from "./parts.js";

export class Paper {
  #root;
  #page = byId("main", HTMLElement);
  #desk;
  #predictor;
  #connection;
  #picture;
  #isOwedAnAnswer = false;

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
    this.#desk = new Desk(root, {
      onChange: (drawing) => this.#changed(drawing),
      showReadyMade: (pad) => pad.showExample(BUILT_IN),
    });
    connection.subscribe((state) => {
      if (state === "up" && this.#isOwedAnAnswer) this.#read();
    });
    const strokes = strokesFromText(kept(KEPT_DRAWING));
    if (hasInk(strokes)) this.#desk.pad.show(strokes);
    else this.#desk.pad.showExample(BUILT_IN);
  }

  /** @param {import("../../drawing/drawing.js").Drawing} drawing */
  #changed(drawing) {
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
    this.#desk.lay(picture);
    this.#read();
  }

  #read() {
    printAfter(this.#askForNumbers());
  }

  async #askForNumbers() {
    const { isCurrent, toPicture } = this.#desk.take();
    try {
      const picture = await toPicture();
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
