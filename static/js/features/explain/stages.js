/** From paper to 28×28: the stages as pictures, and switches that leave one out. */

import { percent, withArticle } from "../../widgets/answer-words.js";
import { inkScale, paintedCanvas } from "./colouring.js";
import { el } from "../../widgets/element.js";
import { wordsOfStage } from "./words.js";

export class StagesView {
  #list = document.getElementById("stages");
  #panel = document.getElementById("switches");
  #boxes = document.getElementById("switch-boxes");
  #with = document.getElementById("with-all");
  #without = document.getElementById("with-less");
  #names = "";
  #before = null;
  #explained = null;
  #onSwitch;

  /** `onSwitch(names)` is called with the stages that are to be left out. */
  constructor(onSwitch) {
    this.#onSwitch = onSwitch;
  }

  show(explained, without) {
    const { answer } = explained;
    this.#explained = explained;
    this.#list.replaceChildren(...answer.stages.map(stageOf));
    this.#showSwitches(answer.switches ?? []);
    if (without.length === 0) this.#before = explained;
    this.#compare(explained, without);
  }

  repaint() {
    if (this.#explained !== null) this.show(this.#explained, this.#leftOut());
  }

  /** All switches as they were at the beginning: another picture is explained with every stage. */
  reset() {
    for (const box of this.#boxes.querySelectorAll("input")) box.checked = true;
  }

  #showSwitches(switches) {
    this.#panel.hidden = switches.length === 0;
    const names = switches.map(({ name }) => name).join();
    if (names === this.#names) return;
    this.#names = names;
    this.#boxes.replaceChildren(...switches.map((one) => this.#switchOf(one)));
  }

  #switchOf({ name, label }) {
    const box = el("input", { type: "checkbox", name, checked: "", change: () => this.#onSwitch(this.#leftOut()) });
    return el("label", { class: "switch" }, box, el("span", {}, label ?? wordsOfStage(name)[0]));
  }

  #leftOut() {
    return [...this.#boxes.querySelectorAll("input:not(:checked)")].map(({ name }) => name);
  }

  #compare(explained, without) {
    this.#without.hidden = without.length === 0;
    if (this.#before === null) return;
    fillComparison(this.#with, "With every stage", this.#before);
    if (without.length > 0) fillComparison(this.#without, "As it is now", explained);
  }
}

function stageOf({ name, image }) {
  const [heading, sentence] = wordsOfStage(name);
  const picture = el("img", { class: "stage-picture", src: image, alt: `${heading}. ${sentence}` });
  picture.addEventListener("load", () => picture.classList.toggle("is-small", picture.naturalWidth <= 56), { once: true });
  return el("li", { class: "stage" }, el("span", { class: "stage-frame" }, picture), el("h3", {}, heading), el("p", {}, sentence));
}

/** What the network was shown, and what it said. */
function fillComparison(place, title, { answer: { digit, confidence, probabilities }, pixels }) {
  const picture = paintedCanvas(pixels, 28, 28, inkScale());
  picture.className = "comparison-picture";
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", "The 28 by 28 points that the network sees");
  const columns = probabilities.map((probability, i) => {
    const fill = el("span", { class: "column-fill" });
    fill.style.transform = `scaleY(${probability})`;
    return el("span", { class: i === digit ? "column is-winner" : "column" }, el("span", { class: "column-track" }, fill), String(i));
  });
  place.replaceChildren(
    el("p", { class: "comparison-title" }, title),
    picture,
    el("div", { class: "columns", "aria-hidden": "true" }, ...columns),
    el("p", { class: "comparison-words" }, `${withArticle(digit)}, ${percent(confidence)}`),
  );
}
