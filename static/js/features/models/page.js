/** The page of a model: a picture in, and which of the model's classes it shows. */

import { Asker } from "../../api/asker.js";
import { classifyPicture } from "../../api/classify.js";
import { ApiError } from "../../api/error.js";
import { ExplainLink } from "../../pictures/explain-link.js";
import { findPicture, keepPicture } from "../../pictures/keep-picture.js";
import { acceptPictures } from "../../pictures/picture-input.js";
import { PictureError, preparePicture } from "../../pictures/prepare-picture.js";
import { forgetPicture } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { headlineOf } from "../../text/headlines.js";
import { Bars } from "../../widgets/bars.js";
import { describeClass } from "../../widgets/class-words.js";
import { byId, el, find } from "../../widgets/element.js";
import { Verdict } from "../../widgets/verdict.js";

export class ModelPage {
  #place = byId("picture", HTMLElement);
  #hint = byId("hint", HTMLElement);
  #seen = byId("seen", HTMLElement);
  #verdict = new Verdict();
  #bars = new Bars(byId("bars", HTMLElement));
  #explainLink;
  #connection;
  #asker;
  #model;
  /** @type {Blob | null} */
  #picture = null;
  #url = "";
  /** Counts the pictures, so that work on one since replaced is dropped. */
  #subject = 0;
  #isOwedAnAnswer = false;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    this.#connection = connection;
    const { predictUrl = "", model = "" } = byId("main", HTMLElement).dataset;
    this.#asker = new Asker(predictUrl, classifyPicture);
    this.#model = model;
    this.#explainLink = new ExplainLink(() => this.#picture, model);
    acceptPictures(({ files }) => this.#take(files.map(({ file }) => file)));
    connection.subscribe((state) => {
      if (state === "up" && this.#isOwedAnAnswer && this.#picture !== null) this.#ask(this.#picture);
    });
    const found = findPicture(model);
    if (found !== null) this.#take([found]);
  }

  /** @param {File[]} files */
  async #take(files) {
    this.#subject += 1;
    const mine = this.#subject;
    const isCurrent = () => mine === this.#subject;
    this.#forgetAnswer();
    forgetPicture(this.#model);
    if (files.length === 0) {
      this.#verdict.say("problem", "", say("files.nothing"), say("files.nothingDetail"));
      return;
    }
    this.#verdict.say("waiting", "", say("draw.reading"), "");
    try {
      const { blob, width } = await preparePicture(files[0]);
      if (!isCurrent()) return;
      this.#show(blob, width !== null);
      this.#picture = blob;
      keepPicture(blob, isCurrent, this.#model);
      await this.#ask(blob, files.length > 1 ? say("model.firstOnly", { count: files.length }) : "");
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      if (isCurrent()) this.#verdict.say("problem", "", say("draw.refused"), error.message);
    }
  }

  #forgetAnswer() {
    this.#asker.abort();
    this.#isOwedAnAnswer = false;
    this.#picture = null;
    this.#bars.rest();
    this.#seen.hidden = true;
    this.#explainLink.show(false);
  }

  /**
   * @param {Blob} blob
   * @param {boolean} isVisible
   */
  #show(blob, isVisible) {
    if (this.#url !== "") URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(blob);
    this.#hint.hidden = true;
    this.#place.hidden = false;
    const picture = isVisible
      ? el("img", { class: "model-picture", src: this.#url, alt: say("picture.yours") })
      : el("p", {}, say("picture.notShown"));
    this.#place.replaceChildren(picture);
  }

  /**
   * @param {import("../../api/classify.js").Classified} answer
   * @param {string} warning
   */
  #tell(answer, warning) {
    const [name, confidence] = Object.entries(answer.probabilities).reduce((a, b) => (b[1] > a[1] ? b : a));
    const { kind, words, detail } = describeClass({ name, confidence, refusal: answer.refusal });
    this.#verdict.say(kind, "", words, detail, { warning });
  }

  /**
   * @param {Blob} blob
   * @param {string} [warning]
   */
  async #ask(blob, warning = "") {
    this.#isOwedAnAnswer = false;
    try {
      const answer = await this.#asker.ask(blob);
      if (answer === null) return;
      this.#connection.reportAnswer();
      this.#tell(answer, warning);
      this.#bars.show(Object.values(answer.probabilities));
      this.#seen.hidden = false;
      this.#explainLink.show(true);
      const seen = el("img", { class: "seen-picture", src: answer.normalised, alt: say("model.seen") });
      find(this.#seen, ".seen-frame", HTMLElement).replaceChildren(seen);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#isOwedAnAnswer = error.isAway;
      if (error.isAway) this.#connection.reportSilence();
      const detail = error.isAway ? say("draw.pictureStays") : error.message;
      this.#verdict.say("problem", "", headlineOf(error, "draw.refused"), detail);
    }
  }
}
