/** The page Draw: paper on one side, the answer on the other. */

import { ApiError } from "../../api/error.js";
import { Predictor } from "../../api/predict.js";
import { strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { attachKeyboardPen } from "../../drawing/keyboard-pen.js";
import { Pad } from "../../drawing/pad.js";
import { placeOnPaper, strokesToPng } from "../../drawing/paint.js";
import { attachPointerPen } from "../../drawing/pointer-pen.js";
import { Toolbar } from "../../drawing/toolbar.js";
import { ExplainLink } from "../../pictures/explain-link.js";
import { findPicture, keepPicture } from "../../pictures/keep-picture.js";
import { acceptPictures } from "../../pictures/picture-input.js";
import { PictureError, preparePicture } from "../../pictures/prepare-picture.js";
import { keep, kept } from "../../session/keep.js";
import { Participant } from "../../session/participant.js";
import { personName } from "../../session/person.js";
import { forgetPicture, KEPT_DRAWING } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { headlineOf } from "../../text/headlines.js";
import { byId } from "../../widgets/element.js";
import { AnswerView } from "./answer-view.js";
import { DrawingMarks } from "./drawing-marks.js";
import { FilesPanel } from "./files-panel.js";
import { Keeping } from "./keeping.js";
import { NumberActions } from "./number-actions.js";
import { PictureView } from "./picture-view.js";

export class DrawPage {
  #page = byId("main", HTMLElement);
  #canvas = byId("pad", HTMLCanvasElement);
  #hint = byId("hint", HTMLElement);
  #explainLink = new ExplainLink(() => this.#picture?.blob ?? null);
  #answerView = new AnswerView();
  #marks = new DrawingMarks();
  #pictureView = new PictureView(byId("picture", HTMLElement));
  #files;
  #number = new NumberActions((brought) => this.#list(brought));
  #connection;
  #predictor;
  #participant = Participant.onPage();
  /** Only for a person who is logged in. */
  #keeping;
  #pad;
  #toolbar;
  /** @type {import("../../pictures/prepare-picture.js").Prepared | null} null while the drawing is what counts */
  #picture = null;
  #isSent = false;
  /** Counts what was put on the paper, so that work on something since replaced is dropped. */
  #subject = 0;
  /** The server was away when it was asked: it is asked again when it is back. */
  #isOwedAnAnswer = false;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const { predictUrl = "" } = this.#page.dataset;
    this.#connection = connection;
    this.#predictor = new Predictor(this.#participant?.predictUrl ?? predictUrl);
    this.#keeping = personName() === undefined ? null : new Keeping({ predictUrl, connection });
    this.#pad = new Pad(this.#canvas, {
      onChange: (drawing) => this.#drawingChanged(drawing),
      onStroke: () => this.#hint.classList.add("is-gone"),
    });
    this.#toolbar = new Toolbar(this.#page, this.#pad, {
      clear: () => this.#pad.clear(),
      back: () => this.#showDrawing(),
      isDrawMode: () => this.#page.dataset.mode === "draw",
    });
    connection.subscribe((state) => state === "up" && this.#isOwedAnAnswer && this.#askAgain());
    attachPointerPen(this.#canvas, this.#pad);
    attachKeyboardPen(this.#canvas, this.#pad);
    this.#files = new FilesPanel({
      predictUrl, connection,
      onOpen: (file) => this.#readPicture(file, { isSent: false }),
      onReturn: () => this.#showFiles(), onEmpty: () => this.#showDrawing(),
    });
    acceptPictures((brought) => this.take(brought));
    this.#pad.show(strokesFromText(kept(KEPT_DRAWING)));
    const found = findPicture();
    if (found !== null) this.#readPicture(found, { isSent: false });
    const before = this.#subject;
    this.#files.restore(() => before === this.#subject);
  }

  /** @param {import("../../drawing/drawing.js").Drawing} drawing */
  #drawingChanged(drawing) {
    keep(KEPT_DRAWING, strokesToText(drawing.strokes));
    this.#toolbar.showHistory(drawing);
    this.#hint.classList.toggle("is-gone", drawing.hasInk);
    this.#readDrawing();
  }

  async #readDrawing() {
    const isCurrent = this.#begin();
    if (!this.#pad.drawing.hasInk) {
      this.#keeping?.beginDrawing();
      this.#forgetAnswer();
      this.#marks.show(null);
      this.#answerView.rest();
      return;
    }
    const { strokes } = this.#pad.drawing;
    this.#keeping?.awaitDrawing(strokes);
    const place = (/** @type {number[]} */ box) => placeOnPaper(this.#canvas, box);
    const answer = await this.#ask(strokesToPng(strokes), say("draw.drawingStays"), place, isCurrent);
    if (isCurrent()) this.#marks.show(answer);
    if (answer) this.#keeping?.offerDrawing(answer, strokes);
  }

  /**
   * One picture is shown by itself, several as a list.
   *
   * @param {import("../../pictures/dropped.js").Brought} brought
   */
  take(brought) {
    const { files, folders } = brought;
    if (files.length === 0) {
      this.#startPicture();
      const code = folders > 0 ? "files.emptyFolder" : "files.nothing";
      this.#answerView.problem(say(code), say(`${code}Detail`));
    } else if (files.length === 1 && folders === 0 && this.#page.dataset.mode !== "files") {
      this.#readPicture(files[0].file);
    } else {
      this.#list(brought);
    }
  }

  /** @param {import("../../pictures/dropped.js").Brought} brought */
  #list(brought) {
    this.#showFiles();
    this.#files.add(brought);
  }

  #showFiles() {
    this.#startPicture();
    this.#switchTo("files");
  }

  /** @param {"draw" | "picture" | "files"} mode */
  #switchTo(mode) {
    this.#page.dataset.mode = mode;
    this.#files.show(mode === "files");
  }

  /** The paper gives way to what comes. Returns what says whether that is still wanted. */
  #startPicture() {
    // First, because a line that is finished is read itself.
    this.#pad.end();
    const isCurrent = this.#begin();
    this.#forgetAnswer();
    this.#picture = null;
    forgetPicture();
    this.#switchTo("picture");
    this.#pictureView.clear();
    return isCurrent;
  }

  /**
   * `isSent` says that it was sent just now, and by most rules is stored at once.
   *
   * @param {File} file
   * @param {{ isSent?: boolean }} [how]
   */
  async #readPicture(file, { isSent = true } = {}) {
    const isCurrent = this.#startPicture();
    this.#isSent = isSent;
    this.#answerView.wait();
    try {
      const prepared = await preparePicture(file);
      if (!isCurrent()) return;
      this.#picture = prepared;
      this.#pictureView.show(prepared);
      keepPicture(prepared.blob, isCurrent);
      await this.#askAboutPicture(prepared.blob);
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      if (isCurrent()) this.#answerView.problem(say("draw.refused"), error.message);
    }
  }

  /** Something else is on the paper. Returns what says whether it still is. */
  #begin() {
    this.#subject += 1;
    const mine = this.#subject;
    this.#keeping?.withdraw();
    this.#number.hide();
    return () => mine === this.#subject;
  }

  #forgetAnswer() {
    this.#isOwedAnAnswer = false;
    this.#predictor.abort();
    this.#explainLink.show(false);
  }

  /** @param {Blob} blob */
  async #askAboutPicture(blob) {
    const answer = await this.#ask(blob, say("draw.pictureStays"), (box) => this.#pictureView.placeOf(box));
    if (!answer) return;
    this.#pictureView.mark(answer);
    this.#keeping?.offerPicture(answer, blob, { isSent: this.#isSent });
  }

  #askAgain() {
    if (this.#picture === null) this.#readDrawing();
    else this.#askAboutPicture(this.#picture.blob);
  }

  #showDrawing() {
    if (this.#page.dataset.mode === "draw") return;
    this.#picture = null;
    forgetPicture();
    this.#pictureView.clear();
    this.#switchTo("draw");
    this.#canvas.focus({ preventScroll: true });
    this.#readDrawing();
  }

  /**
   * Asks the server and shows its answer, or why there is none. Resolves to the answer, or to null.
   *
   * @param {Blob | Promise<Blob>} made
   * @param {string} keptWords
   * @param {import("./answer-view.js").PlaceOf} placeOf
   * @param {() => boolean} isCurrent
   */
  async #ask(made, keptWords, placeOf, isCurrent = () => true) {
    this.#isOwedAnAnswer = false;
    try {
      const blob = await made;
      const answer = isCurrent() ? await this.#predictor.read(blob) : null;
      if (answer === null || !isCurrent()) return null;
      this.#connection.reportAnswer();
      this.#answerView.show(answer, placeOf);
      this.#number.show(answer, blob, this.#picture === null ? "draw" : "upload");
      this.#participant?.offer(blob);
      this.#explainLink.show(true);
      return answer;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isAway) this.#connection.reportSilence();
      if (!isCurrent()) return null;
      this.#isOwedAnAnswer = error.isAway;
      this.#explainLink.show(false);
      const headline = headlineOf(error, "draw.refused");
      this.#answerView.problem(headline, error.isAway ? keptWords : error.message);
      return null;
    }
  }
}
