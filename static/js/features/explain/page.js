/** The page that explains: a drawing or a picture on its way through the network. */

import { strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { attachKeyboardPen } from "../../drawing/keyboard-pen.js";
import { Pad } from "../../drawing/pad.js";
import { strokesToPng } from "../../drawing/paint.js";
import { attachPointerPen } from "../../drawing/pointer-pen.js";
import { startHeader } from "../../session/header.js";
import { keep, kept } from "../../session/keep.js";
import { PredictError } from "../../api/predict.js";
import { KEPT_DRAWING } from "../../session/subject.js";
import { Toolbar } from "../../drawing/toolbar.js";
import { AnswerView } from "./answer.js";
import { Explainer, Question } from "./client.js";
import { EvidenceView } from "./evidence.js";
import { EXAMPLE } from "./example.js";
import { LayerPanel } from "./layer-panel.js";
import { NeighboursView } from "./neighbours.js";
import { PictureSubject } from "./picture-subject.js";
import { River } from "./river.js";
import { StagesView } from "./stages.js";

const HEADLINES = { away: "The server is away", refused: "This cannot be explained", busy: "One moment", broken: "Something went wrong" };

const page = document.getElementById("main");
const canvas = document.getElementById("pad");
const hint = document.getElementById("hint");
const invitation = document.getElementById("invitation");
const connection = startHeader();
const explainer = new Explainer(page.dataset.explainUrl);
const answerView = new AnswerView();
const stagesView = new StagesView((names) => ask({ without: names }));
const river = new River(openLayer);
const layerPanel = new LayerPanel();
const evidenceView = new EvidenceView();
const neighboursView = new NeighboursView();
const pictureSubject = new PictureSubject(page.dataset.predictUrl, (digit) => ask({ digit }));

let question = null;
let explained = null;
let layer = 1;
let isOwedAnAnswer = false;
/** The example is nobody's drawing, and so it is not kept. */
let isExample = false;
/** Counts what was put on the paper, so that work on something since replaced is dropped. */
let subject = 0;

const pad = new Pad(canvas, { onChange: drawingChanged, onStroke: () => showHint(false) });
const toolbar = new Toolbar(page, pad, { clear: () => pad.clear(), back: showDrawing, isDrawMode: () => page.dataset.mode === "draw" });

async function drawingChanged(drawing) {
  if (!isExample) keep(KEPT_DRAWING, strokesToText(drawing.strokes));
  invitation.hidden = !isExample;
  toolbar.showHistory(drawing);
  showHint(!drawing.hasInk);
  if (page.dataset.mode !== "draw") return;
  subject += 1;
  const mine = subject;
  const png = await strokesToPng(drawing.strokes);
  if (mine === subject) explain(png);
}

function showHint(isShown) {
  hint.classList.toggle("is-gone", !isShown);
}

/** Explains another picture, with all stages. */
function explain(blob) {
  question = new Question(blob);
  stagesView.reset();
  run();
}

/** Asks for another digit of the same picture, or for it with other stages. */
function ask(changes) {
  question = new Question(question.blob, { ...question, ...changes });
  run();
}

async function run() {
  const mine = question;
  isOwedAnAnswer = false;
  try {
    const answer = await explainer.explain(mine);
    if (answer === null) return;
    connection.reportAnswer();
    show(answer, mine);
  } catch (error) {
    if (!(error instanceof PredictError)) throw error;
    isOwedAnAnswer = error.kind === "away";
    if (isOwedAnAnswer) connection.reportSilence();
    answerView.problem(HEADLINES[error.kind], isOwedAnAnswer ? "The explanation comes as soon as it is back." : error.message);
  }
}

function show(answer, { without }) {
  explained = answer;
  page.dataset.state = "explained";
  answerView.show(answer.answer);
  stagesView.show(answer, without);
  layer = Math.min(layer, answer.answer.layers.length);
  layerPanel.show(answer, layer);
  river.show(answer);
  evidenceView.show(answer);
  neighboursView.show(answer);
}

function openLayer(index) {
  layer = index;
  river.choose(index);
  layerPanel.show(explained, index);
}

function showDrawing() {
  if (page.dataset.mode === "draw") return;
  page.dataset.mode = "draw";
  pictureSubject.clear();
  history.replaceState(null, "", location.pathname);
  canvas.focus({ preventScroll: true });
  startDrawing();
}

function startDrawing() {
  const strokes = strokesFromText(kept(KEPT_DRAWING));
  isExample = !strokes.some(({ tool }) => tool === "pen");
  pad.show(isExample ? EXAMPLE : strokes);
  isExample = false;
}

async function startPicture(load) {
  page.dataset.mode = "picture";
  subject += 1;
  try {
    const blob = await load;
    await pictureSubject.show(blob);
    explain(blob);
  } catch (error) {
    if (!(error instanceof PredictError)) throw error;
    answerView.problem(HEADLINES[error.kind], error.message);
  }
}

connection.subscribe((state) => {
  if (state === "up" && isOwedAnAnswer) run();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const view of [stagesView, river, layerPanel, evidenceView]) view.repaint();
});
document.getElementById("own").addEventListener("click", () => {
  pad.clear();
  canvas.focus({ preventScroll: true });
});

attachPointerPen(canvas, pad);
attachKeyboardPen(canvas, pad);
const search = new URLSearchParams(location.search);
if (search.has("picture")) startPicture(pictureSubject.load(page.dataset.pictureUrl, search.get("picture")));
else if (search.has("sent")) startPicture(pictureSubject.carried());
else startDrawing();
