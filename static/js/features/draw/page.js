/** The page Draw: paper on one side, the answer on the other. */

import { strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { attachKeyboardPen } from "../../drawing/keyboard-pen.js";
import { Pad } from "../../drawing/pad.js";
import { SENT_SIDE, strokesToPng } from "../../drawing/paint.js";
import { attachPointerPen } from "../../drawing/pointer-pen.js";
import { startHeader } from "../../session/header.js";
import { keep, kept } from "../../session/keep.js";
import { PictureError, preparePicture } from "./pictures.js";
import { PredictError, Predictor } from "../../api/predict.js";
import { bindSingleKeys } from "../../session/single-keys.js";
import { carryPicture, KEPT_DRAWING } from "../../session/subject.js";
import { AnswerView } from "./answer-view.js";
import { Keeping } from "./keeping.js";
import { acceptPictures } from "./picture-input.js";
import { PictureView } from "./picture-view.js";
import { Toolbar } from "../../drawing/toolbar.js";

/** What stands above the explanation of a PredictError that is not about the connection. */
const HEADLINES = { refused: "This cannot be read", busy: "One moment", broken: "Something went wrong" };

const page = document.getElementById("main");
const canvas = document.getElementById("pad");
const hint = document.getElementById("hint");
const explainLink = document.getElementById("explain");
const connection = startHeader();
const predictor = new Predictor(page.dataset.predictUrl);
const answerView = new AnswerView();
const pictureView = new PictureView(document.getElementById("picture"));
/** Only for a person who is logged in. */
const keeping = document.body.dataset.person === undefined ? null : new Keeping({ predictUrl: page.dataset.predictUrl, connection });

/** What preparePicture gave, or null while the drawing is what counts. */
let picture = null;
/** Counts what was put on the paper, so that work on something since replaced is dropped. */
let subject = 0;
/** The server was away when it was asked: it is asked again when it is back. */
let isOwedAnAnswer = false;

const pad = new Pad(canvas, { onChange: drawingChanged, onStroke: () => showHint(false) });
const toolbar = new Toolbar(page, pad, { clear, back: showDrawing, isDrawMode: () => page.dataset.mode === "draw" });
bindSingleKeys(document.getElementById("single-keys"));

function clear() {
  keeping?.startNext();
  pad.clear();
}

function drawingChanged(drawing) {
  keep(KEPT_DRAWING, strokesToText(drawing.strokes));
  toolbar.showHistory(drawing);
  showHint(!drawing.hasInk);
  readDrawing();
}

function showHint(isShown) {
  hint.classList.toggle("is-gone", !isShown);
}

async function readDrawing() {
  subject += 1;
  const mine = subject;
  keeping?.withdraw();
  if (!pad.drawing.hasInk) {
    keeping?.beginDrawing();
    predictor.abort();
    isOwedAnAnswer = false;
    explainLink.hidden = true;
    answerView.rest();
    return;
  }
  const { strokes } = pad.drawing;
  const png = await strokesToPng(strokes);
  if (mine !== subject) return;
  const answer = await ask(png, "Your drawing stays, and is read as soon as the server is back.", placeOnPaper);
  if (answer) keeping?.offerDrawing(answer, strokes);
}

async function readPicture(file) {
  // First, because a line that is finished is read itself.
  pad.end();
  subject += 1;
  const mine = subject;
  keeping?.withdraw();
  isOwedAnAnswer = false;
  predictor.abort();
  explainLink.hidden = true;
  picture = null;
  page.dataset.mode = "picture";
  pictureView.clear();
  answerView.wait("Reading the picture…");
  try {
    const prepared = await preparePicture(file);
    if (mine !== subject) return;
    picture = prepared;
    pictureView.show(picture);
    await askAboutPicture();
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    if (mine === subject) answerView.problem(HEADLINES.refused, error.message);
  }
}

async function askAboutPicture() {
  const answer = await ask(picture.blob, "Your picture stays, and is read as soon as the server is back.", (box) =>
    pictureView.placeOf(box),
  );
  if (!answer) return;
  pictureView.mark(answer);
  keeping?.offerPicture(answer, picture.blob);
}

function showDrawing() {
  if (page.dataset.mode === "draw") return;
  picture = null;
  pictureView.clear();
  page.dataset.mode = "draw";
  canvas.focus({ preventScroll: true });
  readDrawing();
}

/** Asks the server and shows its answer, or why there is none. Resolves to the answer, or to null. */
async function ask(blob, keptWords, placeOf) {
  isOwedAnAnswer = false;
  try {
    const answer = await predictor.read(blob);
    if (answer === null) return null;
    connection.reportAnswer();
    answerView.show(answer, placeOf);
    explainLink.hidden = false;
    return answer;
  } catch (error) {
    if (!(error instanceof PredictError)) throw error;
    if (error.kind === "away") {
      isOwedAnAnswer = true;
      answerView.problem(error.message, keptWords);
      connection.reportSilence();
    } else {
      answerView.problem(HEADLINES[error.kind], error.message);
    }
    return null;
  }
}

/** Where on the screen a box of the drawing is, in pixels of the PNG that was sent. */
function placeOnPaper([x, y, width, height]) {
  const paper = canvas.getBoundingClientRect();
  const scale = paper.width / SENT_SIDE;
  return new DOMRect(paper.x + x * scale, paper.y + y * scale, width * scale, height * scale);
}

/** The drawing is kept for that page as it is; a picture has to be carried there. */
async function followWithPicture(event) {
  if (picture === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await carryPicture(picture.blob);
  location.assign(`${explainLink.href}?sent=1`);
}

connection.subscribe((state) => {
  if (state !== "up" || !isOwedAnAnswer) return;
  if (picture === null) readDrawing();
  else askAboutPicture();
});

explainLink.addEventListener("click", followWithPicture);
attachPointerPen(canvas, pad);
attachKeyboardPen(canvas, pad);
acceptPictures(readPicture);
pad.show(strokesFromText(kept(KEPT_DRAWING)));
