/** Why this class: maps of evidence over the picture, for the winner and for the runner-up. */

import { decodeNumbers } from "../../api/arrays.js";
import { say } from "../../text/catalogue.js";
import { byId, contextOf, find } from "../../widgets/element.js";
import { showLegend } from "../../widgets/legend.js";
import { magnitude } from "../../widgets/matrix.js";
import { formatNumber, formatPercent } from "../../widgets/numbers.js";
import { scaleOf } from "../../widgets/scales.js";
import { partsOf } from "./evidence.js";
import { wordsOfCovering, wordsOfLight } from "./picture-evidence-words.js";

/** How much of the colour lies over the picture where the evidence is strongest, and of the page's everywhere. */
const MOST_COLOUR = 0.85;
const FADED = 0.35;

/** @typedef {import("./explained.js").Explained} Explained */
/** @typedef {import("../../widgets/scales.js").Span} Span */
/** @typedef {{ occlusion: ArrayLike<number>, gradient: ArrayLike<number> }} Maps */
/** @typedef {{ occlusion: Span, gradient: Span }} Spans */

export class PictureEvidence {
  #root = byId("why", HTMLElement);
  #mirror = byId("why-mirror", HTMLElement);
  /** @type {Explained | null} */
  #explained = null;

  /** @param {Explained} explained */
  show(explained) {
    this.#explained = explained;
    const { answer, names, winner, runnerUp } = explained;
    const [first, second] = [decoded(answer.winner), decoded(answer.runner_up)];
    const spans = {
      occlusion: spanOf(first.occlusion, second.occlusion),
      gradient: spanOf(first.gradient, second.gradient),
    };
    const isMirrored = explained.hasOneScore;
    this.#root.dataset.roles = isMirrored ? "1" : "2";
    this.#mirror.hidden = !isMirrored;
    const percent = formatPercent(answer.probabilities[runnerUp]);
    this.#mirror.textContent = say("why.mirror", { winner: names[winner], runnerUp: names[runnerUp], percent });
    this.#showRole("winner", winner, first, spans, answer.refusal === null ? "why.winner" : "why.wouldWin");
    this.#showRole("runnerUp", runnerUp, second, spans, "why.runnerUp");
    showLegend(byId("legend-occlusion", HTMLElement), spans.occlusion, formatNumber);
    showLegend(byId("legend-gradient", HTMLElement), spans.gradient, formatNumber);
  }

  repaint() {
    if (this.#explained !== null) this.show(this.#explained);
  }

  /**
   * @param {"winner" | "runnerUp"} role
   * @param {number} place
   * @param {Maps} maps
   * @param {Spans} spans
   * @param {"why.winner" | "why.wouldWin" | "why.runnerUp"} code
   */
  #showRole(role, place, { occlusion, gradient }, spans, code) {
    if (this.#explained === null) return;
    const { answer, names, picture } = this.#explained;
    const [rows, columns] = picture.shape;
    const [name, parts] = [names[place], partsOf(rows, columns)];
    const values = { percent: formatPercent(answer.probabilities[place]), score: formatNumber(answer.scores[place]) };
    this.#write(`${role}-title`, name);
    this.#write(`${role}-detail`, say(code, values));
    this.#figure(`${role}-occlusion`, occlusion, spans.occlusion, wordsOfCovering(name, occlusion, parts));
    this.#figure(`${role}-gradient`, gradient, spans.gradient, wordsOfLight(name, gradient, parts));
  }

  /**
   * @param {string} part
   * @param {string} text
   */
  #write(part, text) {
    find(this.#root, `[data-part="${part}"]`, HTMLElement).textContent = text;
  }

  /**
   * @param {string} name
   * @param {ArrayLike<number>} values
   * @param {Span} span
   * @param {string} words
   */
  #figure(name, values, span, words) {
    const figure = find(this.#root, `[data-figure="${name}"]`, HTMLElement);
    const canvas = find(figure, "canvas", HTMLCanvasElement);
    canvas.setAttribute("aria-label", words);
    find(figure, "figcaption", HTMLElement).textContent = words;
    if (this.#explained !== null) paintOver(canvas, this.#explained, values, span);
  }
}

/** @param {import("../../api/explain.js").Evidence} evidence */
function decoded({ occlusion, gradient }) {
  return { occlusion: decodeNumbers(occlusion).values, gradient: decodeNumbers(gradient).values };
}

/**
 * @param {...ArrayLike<number>} maps
 * @returns {Span}
 */
function spanOf(...maps) {
  return { kind: "signed", limit: magnitude(...maps) };
}

/**
 * The picture in grey, and over it the colour of the evidence: the thicker the stronger.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Explained} explained
 * @param {ArrayLike<number>} values
 * @param {Span} span
 */
function paintOver(canvas, { input, picture }, values, span) {
  const [rows, columns, channels] = picture.shape;
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  const scale = scaleOf(span);
  const paper = scale.colourOf(0);
  for (let i = 0; i < values.length; i += 1) {
    const grey = 255 * brightnessAt(input.values, i * channels, channels);
    const part = MOST_COLOUR * Math.min(1, Math.abs(values[i]) / Math.max(span.limit, 1e-9));
    const colour = scale.colourOf(Math.sign(values[i]) * span.limit);
    const faded = paper.map((level) => grey + (level - grey) * FADED);
    image.data.set([...colour.map((level, c) => faded[c] + (level - faded[c]) * part), 255], i * 4);
  }
  contextOf(canvas).putImageData(image, 0, 0);
}

/**
 * How bright a pixel looks.
 *
 * @param {ArrayLike<number>} values
 * @param {number} start
 * @param {number} channels
 */
function brightnessAt(values, start, channels) {
  if (channels !== 3) return values[start];
  return 0.299 * values[start] + 0.587 * values[start + 1] + 0.114 * values[start + 2];
}
