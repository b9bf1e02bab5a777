/** The paper on which answers are written, and what is read there. */

import { ApiError } from "../../api/error.js";
import { Predictor } from "../../api/predict.js";
import { strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { attachKeyboardPen } from "../../drawing/keyboard-pen.js";
import { Pad } from "../../drawing/pad.js";
import { strokesToPng } from "../../drawing/paint.js";
import { attachPointerPen } from "../../drawing/pointer-pen.js";
import { Toolbar } from "../../drawing/toolbar.js";
import { keep, kept } from "../../session/keep.js";
import { Participant } from "../../session/participant.js";
import { byId } from "../../widgets/element.js";
import { readingOf } from "./reading.js";

/** @typedef {import("./reading.js").Reading} Reading */

const KEPT_STROKES = "digitnet.practice.strokes";

export class Paper {
  #sheet = byId("paper", HTMLElement);
  #hint = byId("hint", HTMLElement);
  #connection;
  #predictor;
  #pad;
  #toolbar;
  #onChange;
  /** @type {Promise<Reading | null>} of what is on the paper now; null where that is nothing */
  #reading = Promise.resolve(null);
  /** The server was away when it was asked. */
  #isOwed = false;

  /**
   * `onChange(reading)` follows every change of what is written, with what will have been read of it.
   *
   * @param {{
   *   predictUrl: string,
   *   connection: import("../../session/connection.js").Connection,
   *   onChange: (reading: Promise<Reading | null>) => void,
   * }} options
   */
  constructor({ predictUrl, connection, onChange }) {
    const canvas = byId("pad", HTMLCanvasElement);
    this.#connection = connection;
    this.#onChange = onChange;
    // Who takes part in a wall shows there what they write; nothing is corrected for it here.
    this.#predictor = new Predictor(Participant.onPage()?.predictUrl ?? predictUrl);
    this.#pad = new Pad(canvas, {
      onChange: () => this.#changed(),
      onStroke: () => this.#hint.classList.add("is-gone"),
    });
    this.#toolbar = new Toolbar(byId("main", HTMLElement), this.#pad, {
      clear: () => this.#pad.clear(),
      back: () => {},
      isDrawMode: () => true,
    });
    attachPointerPen(canvas, this.#pad);
    attachKeyboardPen(canvas, this.#pad);
    connection.subscribe((state) => state === "up" && this.#isOwed && this.#read());
  }

  /** Whether it can be written on. */
  set isOpen(/** @type {boolean} */ isOpen) {
    this.#sheet.inert = !isOpen;
  }

  /** An empty sheet. */
  renew() {
    this.#pad.show([]);
  }

  /** What was on it before the page was loaded again. */
  restore() {
    this.#pad.show(strokesFromText(kept(KEPT_STROKES)));
  }

  /** What was read of all that is written; null where that is nothing. */
  async settled() {
    this.#pad.end();
    for (;;) {
      const newest = this.#reading;
      const reading = await newest;
      if (newest === this.#reading) return reading;
    }
  }

  #changed() {
    const { drawing } = this.#pad;
    keep(KEPT_STROKES, strokesToText(drawing.strokes));
    this.#toolbar.showHistory(drawing);
    this.#hint.classList.toggle("is-gone", drawing.hasInk);
    this.#read();
  }

  #read() {
    this.#isOwed = false;
    this.#predictor.abort();
    this.#reading = this.#pad.drawing.hasInk ? this.#ask() : Promise.resolve(null);
    this.#onChange(this.#reading);
  }

  /** @returns {Promise<Reading | null>} null, too, where something else is on the paper by then */
  async #ask() {
    const { strokes } = this.#pad.drawing;
    try {
      const blob = await strokesToPng(strokes);
      if (strokes !== this.#pad.drawing.strokes) return null;
      const answer = await this.#predictor.read(blob);
      if (answer === null) return null;
      this.#connection.reportAnswer();
      return readingOf(answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (strokes !== this.#pad.drawing.strokes) return null;
      this.#isOwed = error.isAway;
      if (error.isAway) this.#connection.reportSilence();
      return { text: "", isSure: false, problem: error.message };
    }
  }
}
