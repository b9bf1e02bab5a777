/** Keeping digits for a person who is logged in: the keeper, its view, and the server. */

import { addressOf } from "../../api/address.js";
import { ApiError } from "../../api/error.js";
import { strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { strokesToPng } from "../../drawing/paint.js";
import { keep, kept } from "../../session/keep.js";
import { pageSender, personName } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { Keeper } from "./keeper.js";
import { KeepingView } from "./keeping-view.js";

/** @typedef {import("../../api/predict.js").Answer} Answer */
/** @typedef {(url: string, body: Blob | URLSearchParams) => Promise<any>} Post */

/** What can be kept: an answer with one digit, to a drawing or to a picture that was sent. */
export class Keeping {
  #keeper;
  #view;
  /** The person is in the name: another one's pictures are none of theirs. */
  #name = `digitnet.keeping.${personName()}`;
  /** @type {number | null} */
  #digit = null;
  /** @type {string | null} */
  #why = null;

  /**
   * `connection` is told when the server is away, and says when what failed is worth another try.
   *
   * @param {{ predictUrl: string, connection: import("../../session/connection.js").Connection }} page
   */
  constructor({ predictUrl, connection }) {
    const sender = pageSender();
    const { labelUrl = "" } = byId("keeping", HTMLElement).dataset;
    /** @type {Post} */
    const post = async (url, body) => {
      try {
        return await sender.post(url, body);
      } catch (error) {
        if (error instanceof ApiError && error.isAway) connection.reportSilence();
        throw error;
      }
    };
    this.#keeper = new Keeper({
      store: (source, content) => store(post, predictUrl, source, content),
      label: async (id, word) => {
        const answer = await post(addressOf(labelUrl, id), new URLSearchParams({ label: word ?? "" }));
        return answer.label_for_all ?? answer.label;
      },
      onChange: () => this.#changed(),
    });
    this.#view = new KeepingView({
      onKeep: (label) => this.#keeper.keep(label),
      onRetry: () => this.#keeper.retry(),
    });
    connection.subscribe((state) => {
      if (state === "up") this.#keeper.retry(({ isAway }) => isAway);
    });
    this.#keeper.resume(kept(this.#name));
    this.#show();
  }

  /**
   * An answer came to what is on the paper.
   *
   * @param {Answer} answer
   * @param {import("../../drawing/drawing.js").Stroke[]} strokes
   */
  offerDrawing(answer, strokes) {
    const text = strokesToText(strokes);
    if (this.#accept(answer)) this.#keeper.offer(text, "draw", text);
  }

  /**
   * An answer came to a picture that was sent: one digit is stored at once.
   *
   * @param {Answer} answer
   * @param {Blob} blob
   */
  offerPicture(answer, blob) {
    if (!this.#accept(answer)) return;
    this.#keeper.offer(blob, "upload", blob);
    if (this.#keeper.current?.id === null) this.#keeper.keep();
  }

  /** The answer is not of what is seen any more. */
  withdraw() {
    this.#digit = null;
    this.#why = null;
    this.#keeper.withdraw();
  }

  beginDrawing() {
    this.#keeper.beginDrawing();
  }

  startNext() {
    this.#keeper.startNext();
  }

  /** @param {Answer} answer */
  #accept({ digits, left_out: leftOut }) {
    const several = digits.length > 1 || Boolean(leftOut);
    this.#digit = digits.length === 1 && !several ? digits[0].digit : null;
    this.#why = several ? say("keeping.several") : null;
    if (this.#digit === null) this.#keeper.withdraw();
    return this.#digit !== null;
  }

  #changed() {
    keep(this.#name, this.#keeper.toText());
    this.#show();
  }

  #show() {
    this.#view.show(this.#keeper, this.#digit, this.#why);
  }
}

/**
 * @param {Post} post
 * @param {string} url
 * @param {import("./keeper.js").Source} source
 * @param {import("./keeper.js").Content} content
 * @returns {Promise<string>}
 */
async function store(post, url, source, content) {
  // Drawn from the text, so that a try after a reload sends the same bytes, and is stored once.
  const picture = typeof content === "string" ? await strokesToPng(strokesFromText(content)) : content;
  const answer = await post(`${url}?store=1&source=${source}`, picture);
  if (answer.image_id === null) throw new ApiError("refused", say("keeping.noDigit"));
  return answer.image_id;
}
