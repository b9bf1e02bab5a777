/** Why this digit: maps of evidence over the drawing, for the winner and for the runner-up. */

import { changeTowards, wordsOfChange, wordsOfGradient, wordsOfOcclusion } from "./evidence-words.js";
import { decodeNumbers, formatNumber, rangeOf } from "../../widgets/numbers.js";
import { percent, withArticle } from "../../widgets/answer-words.js";
import { showLegend, signedScale } from "./colouring.js";

const SIDE = 28;

/** Canvas pixels for one point of the drawing. */
const CELL = 20;

export class EvidenceView {
  #root = document.getElementById("why");
  #explained = null;

  show(explained) {
    this.#explained = explained;
    const { answer, pixels } = explained;
    const [winner, runnerUp] = [answer.winner, answer.runner_up].map(({ digit, occlusion, gradient }) => ({
      digit,
      occlusion: decodeNumbers(occlusion).values,
      gradient: decodeNumbers(gradient).values,
    }));
    const scales = {
      occlusion: signedScale(limitOf(winner.occlusion, runnerUp.occlusion)),
      gradient: signedScale(limitOf(winner.gradient, runnerUp.gradient)),
    };
    for (const [role, evidence] of Object.entries({ winner, runnerUp })) {
      const { digit } = evidence;
      this.#part(role, "title").textContent = `The ${digit}`;
      this.#part(role, "detail").textContent = `${role === "winner" ? "the answer" : "second"}, ${percent(answer.probabilities[digit])}, score ${formatNumber(answer.scores[digit])}`;
      this.#figure(`${role}-occlusion`, pixels, evidence.occlusion, scales.occlusion, wordsOfOcclusion(digit, evidence.occlusion));
      this.#figure(`${role}-gradient`, pixels, evidence.gradient, scales.gradient, wordsOfGradient(digit, evidence.gradient));
    }
    showLegend(document.getElementById("legend-occlusion"), scales.occlusion);
    showLegend(document.getElementById("legend-gradient"), scales.gradient);
    this.#showChange(answer, pixels, winner, runnerUp);
  }

  repaint() {
    if (this.#explained !== null) this.show(this.#explained);
  }

  #showChange({ scores }, pixels, winner, runnerUp) {
    const change = changeTowards(pixels, winner.gradient, runnerUp.gradient);
    const words = wordsOfChange(winner.digit, runnerUp.digit, scores, change);
    this.#part("change", "title").textContent = `What would have made it ${withArticle(runnerUp.digit)}?`;
    this.#figure("change", pixels, change, signedScale(limitOf(change)), words);
  }

  #part(role, name) {
    return this.#root.querySelector(`[data-part="${role}-${name}"]`);
  }

  #figure(name, pixels, values, scale, words) {
    const figure = this.#root.querySelector(`[data-figure="${name}"]`);
    const canvas = figure.querySelector("canvas");
    canvas.setAttribute("aria-label", words);
    figure.querySelector("figcaption").textContent = words;
    paintEvidence(canvas, pixels, values, scale);
  }
}

/** The evidence as coloured squares, and on them the ink as dots: as large as there is ink. */
function paintEvidence(canvas, pixels, values, scale) {
  canvas.width = SIDE * CELL;
  canvas.height = SIDE * CELL;
  const context = canvas.getContext("2d");
  values.forEach((value, i) => {
    context.fillStyle = `rgb(${scale.colourOf(value).join(" ")})`;
    context.fillRect((i % SIDE) * CELL, Math.floor(i / SIDE) * CELL, CELL, CELL);
  });
  context.fillStyle = getComputedStyle(canvas).color;
  pixels.forEach((ink, i) => {
    if (ink <= 0) return;
    context.beginPath();
    context.arc(((i % SIDE) + 0.5) * CELL, (Math.floor(i / SIDE) + 0.5) * CELL, Math.sqrt(ink) * CELL * 0.3, 0, 2 * Math.PI);
    context.fill();
  });
}

function limitOf(...maps) {
  return Math.max(...maps.map(rangeOf).flatMap(([low, high]) => [-low, high]));
}
