/** Keeping digits for a person who is logged in: the keeper, its view, and the server. */

import { addressOf } from "../../api/address.js";
import { ApiError } from "../../api/error.js";
import { strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { strokesToPng, strokesToPngAtOnce } from "../../drawing/paint.js";
import { beforeLogOut } from "../../session/errands.js";
import { keep, kept } from "../../session/keep.js";
import { pageSender, personName } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { Keeper } from "./keeper.js";
import { KeepingRule } from "./keeping-rule.js";
import { KeepingView } from "./keeping-view.js";
import { keyOfPicture } from "./picture-key.js";

/** @typedef {import("../../api/predict.js").Answer} Answer */
/** @typedef {(url: string, body: Blob | URLSearchParams, how?: { isLast: boolean }) => Promise<any>} Post */

/** A drawing is finished when nothing has been added for so long. */
const REST_MS = 2000;

/** The first comes before the next page is asked for, such as that of a log-out; some browsers know only the second. */
const SIGNS_OF_LEAVING = ["beforeunload", "pagehide"];

/** What can be kept: an answer with one digit or a refusal, to a drawing or to a picture that was sent. */
export class Keeping {
  #keeper;
  #view;
  #rule;
  /** The person is in the name: another one's pictures are none of theirs. */
  #name = `digitnet.keeping.${personName()}`;
  /** @type {number | null} */
  #digit = null;
  /** @type {string[]} What it may be as well. */
  #alternatives = [];
  /** @type {string | null} */
  #why = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  /** @type {string | null} A drawing that is being read. */
  #unread = null;
  #isLeft = false;
  /** Counts what was withdrawn, so that an offer which took time is dropped. */
  #withdrawn = 0;

  /**
   * `connection` is told when the server is away, and says when what failed is worth another try.
   *
   * @param {{ predictUrl: string, connection: import("../../session/connection.js").Connection }} page
   */
  constructor({ predictUrl, connection }) {
    const post = postTelling(connection);
    const server = serverBehind(post, predictUrl, () => this.#isLeft);
    this.#keeper = new Keeper({ ...server, onChange: () => this.#changed() });
    this.#rule = new KeepingRule(post);
    this.#view = new KeepingView({
      onKeep: (label) => this.#keeper.keep(label),
      onRetry: () => this.#keeper.retry(),
      onUndo: () => this.#keeper.undo(),
    });
    connection.subscribe((state) => {
      if (state === "up") this.#keeper.retry(({ isAway }) => isAway);
    });
    for (const sign of SIGNS_OF_LEAVING) addEventListener(sign, () => this.#leave());
    beforeLogOut(() => {
      this.#leave();
      return this.#keeper.underWay;
    });
    this.#keeper.resume(kept(this.#name));
    this.#show();
  }

  /**
   * A drawing is being read.
   *
   * @param {import("../../drawing/drawing.js").Stroke[]} strokes
   */
  awaitDrawing(strokes) {
    this.#unread = strokesToText(strokes);
  }

  /**
   * An answer came to what is on the paper.
   *
   * @param {Answer} answer
   * @param {import("../../drawing/drawing.js").Stroke[]} strokes
   */
  offerDrawing(answer, strokes) {
    this.#unread = null;
    if (!this.#accept(answer)) return;
    const text = strokesToText(strokes);
    this.#keeper.offer(text, "draw", text, { isRefused: this.#digit === null });
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#finishDrawing(), REST_MS);
  }

  /**
   * An answer came to a picture: if it has just been sent, one digit is by most rules stored at once.
   *
   * @param {Answer} answer
   * @param {Blob} blob
   * @param {{ isSent: boolean }} how
   */
  async offerPicture(answer, blob, { isSent }) {
    if (!this.#accept(answer)) return;
    const before = this.#withdrawn;
    const key = await keyOfPicture(blob);
    if (this.#withdrawn !== before) return;
    this.#keeper.offer(key, "upload", blob, { isRefused: this.#digit === null });
    if (isSent && this.#rule.keepsWhatIsSent) this.#keeper.keepUnasked();
  }

  /** The answer is not of what is seen any more. */
  withdraw() {
    clearTimeout(this.#rest);
    this.#withdrawn += 1;
    this.#unread = null;
    this.#digit = null;
    this.#alternatives = [];
    this.#why = null;
    this.#keeper.withdraw();
  }

  beginDrawing() {
    this.#keeper.beginDrawing();
  }

  #finishDrawing() {
    if (this.#rule.keepsDrawings && this.#keeper.current?.source === "draw") {
      this.#keeper.keepUnasked({ isLeft: this.#isLeft });
    }
  }

  /** A drawing that is left has no time to rest, nor to be read: whether it is a digit is for the server to say. */
  #leave() {
    this.#isLeft = true;
    if (this.#rule.keepsDrawings && this.#unread !== null) this.#keeper.offer(this.#unread, "draw", this.#unread);
    this.#finishDrawing();
    this.#isLeft = false;
  }

  /** @param {Answer} answer */
  #accept({ digits, unfinished, refusal }) {
    const several = digits.length > 1 || Boolean(unfinished);
    const single = digits.length === 1 && !several;
    const canBeLabelled = digits.length === 0 && refusal !== null && refusal.code !== "blank";
    this.#digit = single ? digits[0].digit : null;
    this.#alternatives = single ? digits[0].alternatives.map(String) : [];
    this.#why = several ? say("keeping.several") : null;
    if (!single && !canBeLabelled) this.#keeper.withdraw();
    return single || canBeLabelled;
  }

  #changed() {
    keep(this.#name, this.#keeper.toText());
    this.#show();
  }

  #show() {
    this.#view.show(this.#keeper, this.#digit, this.#why, this.#alternatives);
  }
}

/**
 * What sends in the person's name, and tells the connection where nobody answers.
 *
 * @param {import("../../session/connection.js").Connection} connection
 * @returns {Post}
 */
function postTelling(connection) {
  const sender = pageSender();
  return async (url, body, how) => {
    try {
      return await sender.post(url, body, how);
    } catch (error) {
      if (error instanceof ApiError && error.isAway) connection.reportSilence();
      throw error;
    }
  };
}

/**
 * @param {Post} post
 * @param {string} predictUrl
 * @param {() => boolean} isLeft whether the page is being left
 * @returns {import("./keeper.js").Server}
 */
function serverBehind(post, predictUrl, isLeft) {
  const { labelUrl = "", deleteUrl = "" } = byId("keeping", HTMLElement).dataset;
  return {
    store: (source, content, label) => store(post, predictUrl, { source, content, label, isLast: isLeft() }),
    label: async (id, word) => {
      const answer = await post(addressOf(labelUrl, id), new URLSearchParams({ label: word ?? "" }));
      return answer.label_for_all ?? answer.label;
    },
    remove: (id) => post(addressOf(deleteUrl, id), new URLSearchParams({ with_label: "1" })),
  };
}

/**
 * @param {Post} post
 * @param {string} url
 * @param {{ source: string, content: import("./keeper.js").Content, label: string | null, isLast: boolean }} what
 * @returns {Promise<import("./keeper.js").Stored>}
 */
async function store(post, url, { source, content, label, isLast }) {
  const picture = isLast ? pictureAtOnce(content) : await pictureOf(content);
  const query = label === null ? "" : `&label=${label}`;
  const answer = await post(`${url}?store=1&source=${source}${query}`, picture, { isLast });
  if (answer.image_id === null) throw new ApiError("refused", say("keeping.noDigit"));
  const { was_held: wasHeld, label_before: labelBefore, label: labelNow } = answer.kept;
  return { id: answer.image_id, wasHeld, labelBefore, label: labelNow };
}

/**
 * Drawn from the text, so that a try after a reload sends the same picture, and is stored once.
 *
 * @param {import("./keeper.js").Content} content
 */
async function pictureOf(content) {
  return typeof content === "string" ? strokesToPng(strokesFromText(content)) : content;
}

/** @param {import("./keeper.js").Content} content */
function pictureAtOnce(content) {
  return typeof content === "string" ? strokesToPngAtOnce(strokesFromText(content)) : content;
}
