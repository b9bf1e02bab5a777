/** The page that explains how a model of other pictures came to its answer. */

import { ApiError } from "../../api/error.js";
import { Explainer, Question } from "../../api/explain.js";
import { keepPicture } from "../../pictures/keep-picture.js";
import { say } from "../../text/catalogue.js";
import { headlineOf } from "../../text/headlines.js";
import { Bars } from "../../widgets/bars.js";
import { describeClass } from "../../widgets/class-words.js";
import { byId } from "../../widgets/element.js";
import { onColoursChange } from "../../widgets/scales.js";
import { Verdict } from "../../widgets/verdict.js";
import { Explained } from "./explained.js";
import { LayerPanel } from "./layer-panel.js";
import { PictureEvidence } from "./picture-evidence.js";
import { showStages } from "./picture-stages.js";
import { PictureSubject } from "./picture-subject.js";
import { River } from "./river.js";

export class PicturePage {
  #page = byId("main", HTMLElement);
  #verdict = new Verdict();
  #bars = new Bars(byId("bars", HTMLElement));
  #subject = new PictureSubject();
  #river = new River((index) => this.#openLayer(index));
  #layerPanel = new LayerPanel();
  #evidence = new PictureEvidence();
  #connection;
  #explainer;
  #model;
  /** @type {Question | null} */
  #question = null;
  /** @type {Explained | null} */
  #explained = null;
  #layer = 1;
  #isOwedAnAnswer = false;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const { explainUrl = "", model = "" } = this.#page.dataset;
    this.#connection = connection;
    this.#explainer = new Explainer(explainUrl);
    this.#model = model;
    connection.subscribe((state) => {
      if (state === "up" && this.#isOwedAnAnswer) this.#run();
    });
    onColoursChange(() => this.#repaint());
    this.#start();
  }

  /**
   * Explains another picture, and keeps it for the way back.
   *
   * @param {Blob} picture
   */
  async take(picture) {
    this.#question = new Question(picture, { model: this.#model });
    const mine = this.#question;
    const isCurrent = () => mine === this.#question;
    keepPicture(picture, isCurrent, this.#model);
    await this.#subject.show(picture);
    if (isCurrent()) await this.#run();
  }

  async #start() {
    try {
      await this.take(await this.#subject.carried(this.#model));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#page.dataset.state = "empty";
      this.#verdict.say("problem", "", headlineOf(error, "explain.refused"), error.message);
    }
  }

  async #run() {
    const question = this.#question;
    if (question === null) return;
    this.#isOwedAnAnswer = false;
    try {
      const found = await this.#explainer.explain(question);
      if (found === null) return;
      this.#connection.reportAnswer();
      this.#show(new Explained(found));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#isOwedAnAnswer = error.isAway;
      if (error.isAway) this.#connection.reportSilence();
      this.#complain(error, error.isAway ? say("explain.comesBack") : error.message);
    }
  }

  /** @param {Explained} explained */
  #show(explained) {
    const { answer, names, winner } = explained;
    const { probabilities, refusal } = answer;
    this.#explained = explained;
    this.#page.dataset.state = "explained";
    const { kind, words, detail } = describeClass({ name: names[winner], confidence: probabilities[winner], refusal });
    this.#verdict.say(kind, "", words, detail);
    this.#bars.show(probabilities);
    showStages(explained);
    this.#layer = Math.min(this.#layer, answer.layers.length);
    this.#layerPanel.show(explained, this.#layer);
    this.#river.show(explained);
    this.#evidence.show(explained);
  }

  /**
   * @param {ApiError} error
   * @param {string} detail
   */
  #complain(error, detail) {
    const isStale = this.#explained !== null;
    this.#page.dataset.state = isStale ? "stale" : "empty";
    const warning = isStale ? say("photograph.stale") : "";
    this.#verdict.say("problem", "", headlineOf(error, "explain.refused"), detail, { warning });
    this.#bars.rest();
  }

  #repaint() {
    for (const view of [this.#river, this.#layerPanel, this.#evidence]) view.repaint();
  }

  /** @param {number} index */
  #openLayer(index) {
    this.#layer = index;
    this.#river.choose(index);
    if (this.#explained !== null) this.#layerPanel.show(this.#explained, index);
  }
}
