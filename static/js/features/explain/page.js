/** The page that explains: a drawing or a picture on its way through the network. */

import { ApiError } from "../../api/error.js";
import { Explainer, Question } from "../../api/explain.js";
import { hasInk, strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { startFingerSwitch } from "../../drawing/finger-switch.js";
import { attachKeyboardPen } from "../../drawing/keyboard-pen.js";
import { Pad } from "../../drawing/pad.js";
import { SENT_SIDE, strokesToPng } from "../../drawing/paint.js";
import { attachPointerPen } from "../../drawing/pointer-pen.js";
import { Toolbar } from "../../drawing/toolbar.js";
import { keep, kept } from "../../session/keep.js";
import { forgetPicture, KEPT_DRAWING, OWN_LIST, showListNext } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { headlineOf } from "../../text/headlines.js";
import { byId } from "../../widgets/element.js";
import { printAfter } from "../../widgets/printing.js";
import { onColoursChange } from "../../widgets/scales.js";
import { AnswerView } from "./answer-view.js";
import { DigitChooser } from "./digit-chooser.js";
import { EvidenceView } from "./evidence-view.js";
import { EXAMPLE } from "./example.js";
import { Explained } from "./explained.js";
import { LayerPanel } from "./layer-panel.js";
import { NeighboursView } from "./neighbours-view.js";
import { PictureSubject } from "./picture-subject.js";
import { River } from "./river.js";
import { StagesView } from "./stages-view.js";

export class ExplainPage {
  #page = byId("main", HTMLElement);
  #canvas = byId("pad", HTMLCanvasElement);
  #hint = byId("hint", HTMLElement);
  #invitation = byId("invitation", HTMLElement);
  #answerView = new AnswerView();
  #stagesView = new StagesView((without) => this.#ask({ without }));
  #river = new River((index) => this.#openLayer(index));
  #layerPanel = new LayerPanel();
  #evidenceView = new EvidenceView();
  #neighboursView = new NeighboursView();
  #pictureSubject = new PictureSubject();
  #chooser = new DigitChooser((digit) => this.#ask({ digit }));
  #connection;
  #explainer;
  #pad;
  #toolbar;
  /** @type {Question | null} */
  #question = null;
  /** @type {Explained | null} */
  #explained = null;
  #layer = 1;
  #isOwedAnAnswer = false;
  /** Counts what was put on the paper, so that work on something since replaced is dropped. */
  #subject = 0;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const { explainUrl = "" } = this.#page.dataset;
    this.#connection = connection;
    this.#explainer = new Explainer(explainUrl);
    this.#pad = new Pad(this.#canvas, {
      onChange: (drawing) => this.#drawingChanged(drawing),
      onStroke: () => this.#showHint(false),
    });
    this.#toolbar = new Toolbar(this.#page, this.#pad, {
      clear: () => this.#pad.clear(),
      back: () => this.#showDrawing(),
      isDrawMode: () => this.#page.dataset.mode === "draw",
    });
    connection.subscribe((state) => {
      if (state === "up" && this.#isOwedAnAnswer) this.#run();
    });
    onColoursChange(() => this.#repaint());
    byId("own", HTMLElement).addEventListener("click", () => {
      this.#pad.clear();
      this.#canvas.focus({ preventScroll: true });
    });
    const fingerDraws = startFingerSwitch(byId("finger", HTMLButtonElement), this.#canvas);
    attachPointerPen(this.#canvas, this.#pad, fingerDraws);
    attachKeyboardPen(this.#canvas, this.#pad);
    byId("list-return", HTMLElement).addEventListener("click", showListNext);
    this.#start(new URLSearchParams(location.search));
  }

  /** @param {URLSearchParams} search */
  #start(search) {
    const { pictureUrl = "" } = this.#page.dataset;
    const id = search.get("picture");
    byId("list-return", HTMLElement).hidden = kept(OWN_LIST) === "" || !search.has("sent");
    if (id !== null) this.#startPicture(this.#pictureSubject.load(pictureUrl, id));
    else if (search.has("sent")) this.#startPicture(this.#pictureSubject.carried());
    else this.#startDrawing();
  }

  /** @param {import("../../drawing/drawing.js").Drawing} drawing */
  async #drawingChanged(drawing) {
    // The example is nobody's drawing, and so it is not kept.
    if (!drawing.isExample) keep(KEPT_DRAWING, strokesToText(drawing.strokes));
    this.#invitation.hidden = !drawing.isExample;
    this.#toolbar.showHistory(drawing);
    this.#showHint(!drawing.hasInk);
    if (this.#page.dataset.mode !== "draw") return;
    await this.#explainNext(() => strokesToPng(drawing.strokes));
  }

  /**
   * Explains what comes, unless something else is put on the paper meanwhile.
   *
   * @param {() => Promise<Blob>} make
   */
  async #explainNext(make) {
    this.#subject += 1;
    const mine = this.#subject;
    try {
      const blob = await make();
      if (mine === this.#subject) this.#explain(blob);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (mine === this.#subject) this.#complain(error, error.message);
    }
  }

  /** @param {boolean} isShown */
  #showHint(isShown) {
    this.#hint.classList.toggle("is-gone", !isShown);
  }

  /**
   * Explains another picture, with all stages.
   *
   * @param {Blob} blob
   */
  #explain(blob) {
    this.#question = new Question(blob);
    this.#stagesView.reset();
    this.#run();
  }

  /**
   * Asks for another digit of the same picture, or for it with other stages.
   *
   * @param {{ digit?: number, without?: string[] }} changes
   */
  #ask(changes) {
    if (this.#question === null) return;
    this.#question = new Question(this.#question.blob, { ...this.#question, ...changes });
    this.#run();
  }

  #run() {
    if (this.#question !== null) printAfter(this.#answer(this.#question));
  }

  /** @param {Question} question */
  async #answer(question) {
    this.#isOwedAnAnswer = false;
    const subject = this.#subject;
    try {
      const found = await this.#explainer.explain(question);
      if (found === null || subject !== this.#subject) return;
      this.#connection.reportAnswer();
      this.#show(new Explained(found), question);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (subject !== this.#subject) return;
      this.#isOwedAnAnswer = error.isAway;
      if (error.isAway) this.#connection.reportSilence();
      this.#complain(error, error.isAway ? say("explain.comesBack") : error.message);
    }
  }

  /**
   * @param {Explained} explained
   * @param {Question} question
   */
  #show(explained, question) {
    const { answer } = explained;
    const isDrawn = this.#page.dataset.mode === "draw";
    this.#explained = explained;
    this.#page.dataset.state = "explained";
    this.#answerView.show(answer, question);
    const size = isDrawn ? { width: SENT_SIDE, height: SENT_SIDE } : this.#pictureSubject.size;
    this.#chooser.show(answer, question.digit, size);
    this.#stagesView.show(explained, question.without);
    this.#layer = Math.min(this.#layer, answer.layers.length);
    this.#layerPanel.show(explained, this.#layer);
    this.#river.show(explained);
    this.#evidenceView.show(explained);
    this.#neighboursView.show(explained);
  }

  /**
   * @param {ApiError} error
   * @param {string} detail
   */
  #complain(error, detail) {
    this.#chooser.clear();
    if (this.#explained !== null) this.#page.dataset.state = "stale";
    const warning = this.#explained === null ? "" : say("explain.stale");
    this.#answerView.problem(headlineOf(error, "explain.refused"), detail, warning);
  }

  #repaint() {
    for (const view of [this.#stagesView, this.#river, this.#layerPanel, this.#evidenceView]) view.repaint();
  }

  /** @param {number} index */
  #openLayer(index) {
    this.#layer = index;
    this.#river.choose(index);
    if (this.#explained !== null) this.#layerPanel.show(this.#explained, index);
  }

  #showDrawing() {
    if (this.#page.dataset.mode === "draw") return;
    this.#page.dataset.mode = "draw";
    this.#pictureSubject.clear();
    if (new URLSearchParams(location.search).has("sent")) forgetPicture();
    this.#chooser.clear();
    history.replaceState(null, "", location.pathname);
    this.#canvas.focus({ preventScroll: true });
    this.#startDrawing();
  }

  #startDrawing() {
    const strokes = strokesFromText(kept(KEPT_DRAWING));
    if (hasInk(strokes)) this.#pad.show(strokes);
    else this.#pad.showExample(EXAMPLE);
  }

  /** @param {Promise<Blob>} load */
  async #startPicture(load) {
    this.#page.dataset.mode = "picture";
    await this.#explainNext(async () => {
      const blob = await load;
      await this.#pictureSubject.show(blob);
      return blob;
    });
  }
}
