/** Digits in the hand of a picture: all ten, more of the same, another one, or the way to another picture. */

import { addressOf } from "../../api/address.js";
import { ApiError } from "../../api/error.js";
import { loadPicture } from "../../api/picture.js";
import { Predictor } from "../../api/predict.js";
import { acceptOnePicture } from "../../pictures/one-picture.js";
import { blobOf, dataUrlOf } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { describe } from "../../widgets/answer-words.js";
import { byId, find } from "../../widgets/element.js";
import { FromPaper } from "./from-paper.js";
import { isVaried, orderOf } from "./wishes.js";

const SEEDS = 1_000_000;

export class FromPicture {
  #root = byId("from", HTMLElement);
  #wishes = byId("wishes", HTMLFormElement);
  #read = find(this.#root, "[data-part=read]", HTMLElement);
  #way = find(this.#root, "[data-part=way]", HTMLElement);
  #first = find(this.#root, "[data-part=first]", HTMLImageElement);
  #others = find(this.#root, "[data-part=others]", HTMLButtonElement);
  #paper;
  #sheet;
  #connection;
  #predictor;
  /** The picture as a data URL, once it was read as one digit. */
  #picture = "";
  /** @type {string | null} The picture where the way to another one begins. */
  #beginning = null;
  #seed = 0;
  /** Counts what was put on the paper, so that work on something since replaced is dropped. */
  #subject = 0;
  /** @type {(() => Promise<Blob>) | null} What is asked again when the server is back. */
  #owed = null;

  /**
   * @param {import("./made-sheet.js").MadeSheet} sheet
   * @param {import("../../session/connection.js").Connection} connection
   */
  constructor(sheet, connection) {
    const { predictUrl = "", pictureUrl = "" } = byId("main", HTMLElement).dataset;
    this.#sheet = sheet;
    this.#connection = connection;
    this.#predictor = new Predictor(predictUrl);
    this.#paper = new FromPaper(this.#root, (make) => this.#changed(make));
    this.#wishes.addEventListener("change", () => this.#wished());
    find(this.#way, "[data-part=again]", HTMLElement).addEventListener("click", () => this.#beginWay());
    this.#others.addEventListener("click", () => {
      this.#seed = Math.floor(Math.random() * SEEDS);
      this.#make();
    });
    connection.subscribe((state) => {
      if (state === "up" && this.#owed !== null) this.#changed(this.#owed);
    });
    acceptOnePicture((picture) => {
      this.#paper.take(picture);
      this.#root.scrollIntoView({ block: "start" });
    });
    const id = new URLSearchParams(location.search).get("image");
    if (id === null) this.#paper.begin();
    else this.#load(addressOf(pictureUrl, id));
  }

  get #wish() {
    return String(new FormData(this.#wishes).get("wish"));
  }

  /** @param {string} url of a picture of the gallery */
  async #load(url) {
    this.#root.scrollIntoView({ block: "start" });
    try {
      this.#paper.take(await loadPicture(url));
    } catch (error) {
      this.#complain(error);
    }
  }

  /** @param {(() => Promise<Blob>) | null} make */
  async #changed(make) {
    this.#subject += 1;
    const mine = this.#subject;
    const isCurrent = () => mine === this.#subject;
    this.#predictor.abort();
    this.#owed = null;
    this.#picture = "";
    if (make === null) {
      this.#say(say("generate.drawFirst"));
      return;
    }
    try {
      const blob = await make();
      const answer = isCurrent() ? await this.#predictor.read(blob) : null;
      if (answer === null || !isCurrent()) return;
      this.#connection.reportAnswer();
      await this.#accept(answer, blob, isCurrent);
    } catch (error) {
      if (!isCurrent()) return;
      if (error instanceof ApiError && error.isAway) this.#owed = make;
      this.#complain(error);
    }
  }

  /**
   * @param {import("../../api/predict.js").Answer} answer
   * @param {Blob} blob
   * @param {() => boolean} isCurrent
   */
  async #accept(answer, blob, isCurrent) {
    const { kind, words } = describe(answer);
    if (kind !== "digit") {
      this.#say(kind === "number" ? say("generate.several") : words);
      return;
    }
    this.#read.textContent = words;
    const picture = await dataUrlOf(blob);
    if (!isCurrent()) return;
    this.#picture = picture;
    this.#make();
  }

  #wished() {
    const isWay = this.#wish === "way";
    this.#way.hidden = !isWay;
    this.#others.hidden = !isVaried(this.#wish);
    if (isWay) this.#beginWay();
    else this.#make();
  }

  /** What is on the paper is where the way begins; the paper is cleared for where it leads. */
  #beginWay() {
    if (this.#picture === "") return;
    this.#beginning = this.#picture;
    const before = this.#first.src;
    const blob = blobOf(this.#beginning);
    if (blob !== null) this.#first.src = URL.createObjectURL(blob);
    if (before !== "") URL.revokeObjectURL(before);
    this.#paper.clear();
    this.#say(say("generate.drawEnd"));
  }

  #make() {
    const wish = this.#wish;
    if (this.#picture === "") return;
    if (wish === "way" && this.#beginning === null) {
      this.#beginWay();
      return;
    }
    const order = orderOf(wish, { picture: this.#picture, first: this.#beginning, seed: this.#seed });
    this.#others.hidden = !isVaried(wish);
    this.#sheet.show(order, say("generate.sheet", { count: order.count ?? 1 }));
  }

  /** @param {unknown} error */
  #complain(error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isAway) this.#connection.reportSilence();
    this.#say(error.isAway ? say("generate.comesBack") : error.message);
  }

  /** @param {string} words in place of what is read and made, under the paper */
  #say(words) {
    this.#sheet.empty();
    this.#read.textContent = words;
  }
}
