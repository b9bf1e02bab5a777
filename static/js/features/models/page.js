/** The page of a model: a picture in, and which of the model's classes it shows. */

import { Asker } from "../../api/asker.js";
import { classifyPicture } from "../../api/classify.js";
import { ApiError } from "../../api/error.js";
import { acceptPictures } from "../../pictures/picture-input.js";
import { PictureError, preparePicture } from "../../pictures/prepare-picture.js";
import { say } from "../../text/catalogue.js";
import { headlineOf } from "../../text/headlines.js";
import { isUnsure, wordsOfConfidence } from "../../widgets/answer-words.js";
import { Bars } from "../../widgets/bars.js";
import { byId, el, find } from "../../widgets/element.js";
import { Verdict } from "../../widgets/verdict.js";

export class ModelPage {
  #place = byId("picture", HTMLElement);
  #hint = byId("hint", HTMLElement);
  #seen = byId("seen", HTMLElement);
  #verdict = new Verdict();
  #bars = new Bars(byId("bars", HTMLElement));
  #connection;
  #asker;
  /** @type {Blob | null} */
  #picture = null;
  #url = "";
  /** Counts the pictures, so that work on one since replaced is dropped. */
  #subject = 0;
  #isOwedAnAnswer = false;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    this.#connection = connection;
    this.#asker = new Asker(byId("main", HTMLElement).dataset.predictUrl ?? "", classifyPicture);
    acceptPictures(({ files }) => this.#take(files));
    connection.subscribe((state) => {
      if (state === "up" && this.#isOwedAnAnswer && this.#picture !== null) this.#ask(this.#picture);
    });
  }

  /** @param {import("../../pictures/dropped.js").Brought["files"]} files */
  async #take(files) {
    this.#subject += 1;
    const mine = this.#subject;
    this.#forgetAnswer();
    if (files.length === 0) {
      this.#verdict.say("problem", "", say("files.nothing"), say("files.nothingDetail"));
      return;
    }
    this.#verdict.say("waiting", "", say("draw.reading"), "");
    try {
      const { blob, width } = await preparePicture(files[0].file);
      if (mine !== this.#subject) return;
      this.#show(blob, width !== null);
      this.#picture = blob;
      await this.#ask(blob, files.length > 1 ? say("model.firstOnly", { count: files.length }) : "");
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      if (mine === this.#subject) this.#verdict.say("problem", "", say("draw.refused"), error.message);
    }
  }

  #forgetAnswer() {
    this.#asker.abort();
    this.#isOwedAnAnswer = false;
    this.#picture = null;
    this.#bars.rest();
    this.#seen.hidden = true;
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
   * @param {Blob} blob
   * @param {string} [warning]
   */
  async #ask(blob, warning = "") {
    this.#isOwedAnAnswer = false;
    try {
      const answer = await this.#asker.ask(blob);
      if (answer === null) return;
      this.#connection.reportAnswer();
      const code = isUnsure(answer) ? "model.unsure" : "model.sure";
      const words = say(code, { name: answer.class });
      this.#verdict.say("class", "", words, wordsOfConfidence(answer.confidence), { warning });
      this.#bars.show(Object.values(answer.probabilities));
      this.#seen.hidden = false;
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
