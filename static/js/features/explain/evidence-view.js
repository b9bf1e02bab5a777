/** Why this digit: maps of evidence over the drawing, for the winner and for the runner-up. */

import { decodeNumbers } from "../../api/arrays.js";
import { say } from "../../text/catalogue.js";
import { withArticle } from "../../text/digits.js";
import { byId, contextOf, find } from "../../widgets/element.js";
import { showLegend } from "../../widgets/legend.js";
import { magnitude } from "../../widgets/matrix.js";
import { formatNumber, formatPercent } from "../../widgets/numbers.js";
import { scaleOf } from "../../widgets/scales.js";
import { changeTowards, SIDE } from "./evidence.js";
import { wordsOfChange, wordsOfGradient, wordsOfOcclusion } from "./evidence-words.js";

/** Canvas pixels for one point of the drawing. */
const CELL = 20;

/** @typedef {import("../../api/explain.js").Explanation} Explanation */
/** @typedef {import("../../widgets/scales.js").Span} Span */
/** @typedef {{ digit: number, occlusion: Float32Array, gradient: Float32Array }} Evidence */

export class EvidenceView {
  #root = byId("why", HTMLElement);
  /** @type {import("./explained.js").Explained | null} */
  #explained = null;

  /** @param {import("./explained.js").Explained} explained */
  show(explained) {
    this.#explained = explained;
    const { answer } = explained;
    const [winner, runnerUp] = [decoded(answer.winner), decoded(answer.runner_up)];
    const spans = {
      occlusion: spanOf(winner.occlusion, runnerUp.occlusion),
      gradient: spanOf(winner.gradient, runnerUp.gradient),
    };
    this.#showRole("winner", winner, answer, spans);
    this.#showRole("runnerUp", runnerUp, answer, spans);
    showLegend(byId("legend-occlusion", HTMLElement), spans.occlusion, formatNumber);
    showLegend(byId("legend-gradient", HTMLElement), spans.gradient, formatNumber);
    this.#showChange(answer, winner, runnerUp);
  }

  repaint() {
    if (this.#explained !== null) this.show(this.#explained);
  }

  /**
   * @param {"winner" | "runnerUp"} role
   * @param {Evidence} evidence
   * @param {Explanation} answer
   * @param {{ occlusion: Span, gradient: Span }} spans
   */
  #showRole(role, { digit, occlusion, gradient }, { probabilities, scores }, spans) {
    this.#write(`${role}-title`, say("evidence.title", { digit }));
    const [percent, score] = [formatPercent(probabilities[digit]), formatNumber(scores[digit])];
    this.#write(`${role}-detail`, say(`evidence.${role}`, { percent, score }));
    this.#figure(`${role}-occlusion`, occlusion, spans.occlusion, wordsOfOcclusion(digit, occlusion));
    this.#figure(`${role}-gradient`, gradient, spans.gradient, wordsOfGradient(digit, gradient));
  }

  /**
   * @param {Explanation} answer
   * @param {Evidence} winner
   * @param {Evidence} runnerUp
   */
  #showChange({ scores }, winner, runnerUp) {
    const change = changeTowards(this.#pixels, winner.gradient, runnerUp.gradient);
    this.#write("change-title", say("evidence.otherwise", { digit: withArticle(runnerUp.digit) }));
    this.#figure("change", change, spanOf(change), wordsOfChange(winner.digit, runnerUp.digit, scores, change));
  }

  get #pixels() {
    return this.#explained?.pixels.values ?? [];
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
    paintEvidence(canvas, this.#pixels, values, span);
  }
}

/** @param {import("../../api/explain.js").Evidence & { digit: number }} evidence */
function decoded({ digit, occlusion, gradient }) {
  return { digit, occlusion: decodeNumbers(occlusion).values, gradient: decodeNumbers(gradient).values };
}

/**
 * @param {...ArrayLike<number>} maps
 * @returns {Span}
 */
function spanOf(...maps) {
  return { kind: "signed", limit: magnitude(...maps) };
}

/**
 * The evidence as coloured squares, and on them the ink as dots: as large as there is ink.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} pixels
 * @param {ArrayLike<number>} values
 * @param {Span} span
 */
function paintEvidence(canvas, pixels, values, span) {
  canvas.width = SIDE * CELL;
  canvas.height = SIDE * CELL;
  const context = contextOf(canvas);
  const scale = scaleOf(span);
  Array.from(values).forEach((value, i) => {
    context.fillStyle = `rgb(${scale.colourOf(value).join(" ")})`;
    context.fillRect((i % SIDE) * CELL, Math.floor(i / SIDE) * CELL, CELL, CELL);
  });
  context.fillStyle = getComputedStyle(canvas).color;
  pixels.forEach((ink, i) => {
    if (ink <= 0) return;
    const [x, y] = [((i % SIDE) + 0.5) * CELL, (Math.floor(i / SIDE) + 0.5) * CELL];
    context.beginPath();
    context.arc(x, y, Math.sqrt(ink) * CELL * 0.3, 0, 2 * Math.PI);
    context.fill();
  });
}
