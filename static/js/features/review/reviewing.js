/** Reviewing: which picture is shown, which ones are ready after it, and what was said of those before. */

import { ApiError } from "../../api/error.js";

/** @typedef {{ id: string, label: string, normalised: string | null }} Twin */
/**
 * A picture as the server describes it.
 *
 * @typedef {object} Picture
 * @property {string} id
 * @property {string | null} label
 * @property {number | null} digit
 * @property {number | null} confidence
 * @property {("differs" | "twin" | "unsure" | "unlabelled")[]} reasons
 * @property {string | null} writer
 * @property {string | null} normalised
 * @property {string} image
 * @property {Twin | null} twin
 */
/** @typedef {{ claim: string, pictures: Picture[], left: number, elsewhere: number }} Turn */

/**
 * The server. `next(claim, count)` throws ApiErrors; `load(picture)` fetches the file and never throws;
 * `discard(picture)` says that it is not shown any more.
 *
 * @typedef {object} Server
 * @property {(claim: string | null, count: number) => Promise<Turn>} next
 * @property {(picture: Picture) => Promise<unknown>} load
 * @property {(picture: Picture) => void} discard
 */

/** Pictures that are ready: more are asked for when there are fewer than FEW. */
const MANY = 12;
const FEW = 6;
/** Answers that can be undone. */
const PAST = 50;
/** The server gives pictures to others five minutes after they were asked for. */
const CLAIMED_MS = 270_000;

export class Reviewing {
  #server;
  #outbox;
  #onChange;
  #now;
  /** @type {Picture[]} */
  #ready = [];
  /** @type {Picture[]} */
  #past = [];
  /** @type {string | null} */
  #claim = null;
  #askedAt = 0;
  #isAsking = false;
  #isAtEnd = false;
  #left = 0;
  #elsewhere = 0;
  #reviewed = 0;
  /** @type {ApiError | null} */
  #problem = null;

  /**
   * @param {Server & { outbox: import("./outbox.js").Outbox, onChange: () => void, now?: () => number }} options
   */
  constructor({ outbox, onChange, now = () => Date.now(), ...server }) {
    this.#server = server;
    this.#outbox = outbox;
    this.#onChange = onChange;
    this.#now = now;
  }

  /** The picture that is shown, or null. */
  get current() {
    return this.#ready.at(0) ?? null;
  }

  /** "picture", "waiting" (for the next ones), "problem", or "end". */
  get state() {
    if (this.current !== null) return "picture";
    if (this.#problem !== null) return "problem";
    return this.#isAtEnd && this.#outbox.size === 0 ? "end" : "waiting";
  }

  get problem() {
    return this.#problem;
  }

  get claim() {
    return this.#claim;
  }

  /** How many are left, and how many of those others are looking at. */
  get left() {
    return this.#left;
  }

  get elsewhere() {
    return this.#elsewhere;
  }

  get reviewed() {
    return this.#reviewed;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  /** Asks for pictures where few are ready; what is there already stays this person's. */
  async fill() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#problem = null;
    try {
      await this.#ask();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#problem = error;
    } finally {
      this.#isAsking = false;
      this.#onChange();
    }
    if (this.#ready.length < FEW && !this.#isAtEnd && this.#problem === null) await this.fill();
  }

  /**
   * Says what the picture shows; null where it cannot be told.
   *
   * @param {string | null} label
   */
  answer(label) {
    const picture = this.#ready.shift();
    if (picture === undefined) return;
    this.#past.push(picture);
    if (this.#past.length > PAST) this.#server.discard(/** @type {Picture} */ (this.#past.shift()));
    this.#reviewed += 1;
    this.#left = Math.max(0, this.#left - 1);
    this.#outbox.add({ id: picture.id, label });
    this.#onChange();
    if (this.current === null || (this.#ready.length < FEW && !this.#isAtEnd)) this.fill();
  }

  /** Says that the label is right, or where there is none, the network's answer. */
  confirm() {
    const { current } = this;
    if (current !== null) this.answer(labelToConfirm(current));
  }

  /** Takes the last answer back, and shows its picture again. */
  undo() {
    const picture = this.#past.pop();
    if (picture === undefined) return;
    this.#ready.unshift(picture);
    this.#reviewed -= 1;
    this.#left += 1;
    if (!this.#outbox.takeOut(picture.id)) this.#outbox.add({ id: picture.id, isUndo: true });
    this.#onChange();
  }

  async #ask() {
    const isStale = this.#now() - this.#askedAt > CLAIMED_MS;
    const wanted = isStale ? MANY : Math.max(0, MANY - this.#ready.length);
    const turn = await this.#outbox.between(async () => {
      const given = await this.#server.next(isStale ? null : this.#claim, wanted);
      this.#left = Math.max(0, given.left + this.#outbox.change);
      return given;
    });
    // Others may have by now what was ready: what is still this person's comes again.
    if (isStale) for (const picture of this.#ready.splice(0)) this.#server.discard(picture);
    this.#claim = turn.claim;
    this.#askedAt = this.#now();
    this.#elsewhere = turn.elsewhere;
    this.#isAtEnd = turn.pictures.length === 0 && wanted > 0;
    // After a reload, what was answered but not sent comes again.
    const fresh = turn.pictures.filter(({ id }) => !this.#outbox.has(id));
    const loading = fresh.map((picture) => this.#server.load(picture));
    for (const [index, picture] of fresh.entries()) {
      await loading[index];
      this.#ready.push(picture);
      this.#onChange();
    }
  }
}

/**
 * What Enter says of a picture: its label, or else what the network read.
 *
 * @param {Picture} picture
 */
export function labelToConfirm({ label, digit }) {
  return label ?? (digit === null ? "none" : String(digit));
}
