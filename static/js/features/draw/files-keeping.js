/** Keeping many pictures at once, for a person who is logged in: one after the other, each with its label. */

import { ApiError } from "../../api/error.js";

/** @typedef {import("../../pictures/file-queue.js").Entry} Entry */

/**
 * What has become of one: `id` is the server's name for it; `before` is the label that it had there already,
 * and undefined where it was not there.
 *
 * @typedef {object} Kept
 * @property {string | null} id
 * @property {string | null} label
 * @property {string | null | undefined} before
 * @property {boolean} isBusy
 * @property {ApiError | null} problem
 */

/** @typedef {{ id: string, before: string | null | undefined }} Stored */

/** From here on an answer counts as right while nobody says otherwise. */
export const SURE = 0.9;

/**
 * Whether a person may say what it shows: where there is one digit, or might be.
 *
 * @param {Entry} entry
 */
export function canBeLabelled({ state, answer }) {
  if (state !== "read" || answer === null || answer.unfinished) return false;
  return answer.digits.length === 1 || (answer.digits.length === 0 && answer.refusal?.code !== "blank");
}

/**
 * The label under which a picture may be kept with the others: what the person said, or what was read with
 * certainty; null where that is neither.
 *
 * @param {Entry} entry
 * @returns {string | null}
 */
export function labelToKeep(entry) {
  if (!canBeLabelled(entry)) return null;
  if (entry.label !== null) return entry.label;
  const only = entry.answer?.digits[0];
  return only !== undefined && only.confidence >= SURE ? String(only.digit) : null;
}

/** So often the same is asked of a busy server. */
const TRIES = 6;
const PAUSE_MS = 1000;

export class FilesKeeping {
  #pause;
  #store;
  #undo;
  #onChange;
  /** @type {Map<Entry, Kept>} */
  #kept = new Map();
  #isBusy = false;

  /**
   * `store(entry, label)` keeps a picture, `undo(stored)` takes that back; both throw ApiErrors.
   *
   * @param {object} options
   * @param {(entry: Entry, label: string) => Promise<Stored>} options.store
   * @param {(stored: Stored) => Promise<void>} options.undo
   * @param {(entry: Entry) => void} options.onChange
   * @param {(ms: number) => Promise<unknown>} options.pause
   */
  constructor({ store, undo, onChange, pause }) {
    this.#pause = pause;
    this.#store = store;
    this.#undo = undo;
    this.#onChange = onChange;
  }

  get isBusy() {
    return this.#isBusy;
  }

  /** @param {Entry} entry */
  of(entry) {
    return this.#kept.get(entry) ?? null;
  }

  /**
   * What was known of one before a reload.
   *
   * @param {Entry} entry
   * @param {Pick<Kept, "id" | "label" | "before">} kept
   */
  know(entry, kept) {
    this.#kept.set(entry, { ...kept, isBusy: false, problem: null });
  }

  /**
   * Those that can be kept, and are not with this label yet.
   *
   * @param {Entry[]} entries
   */
  toKeep(entries) {
    return entries.filter((entry) => {
      const label = labelToKeep(entry);
      const kept = this.#kept.get(entry);
      return label !== null && !(kept?.id && kept.label === label);
    });
  }

  /**
   * Keeps all of these. Stops at the first problem that the next one would have too, and returns it.
   *
   * @param {Entry[]} entries
   * @returns {Promise<ApiError | null>}
   */
  async keep(entries) {
    this.#isBusy = true;
    try {
      for (const entry of this.toKeep(entries)) {
        const label = labelToKeep(entry);
        const problem = label === null ? null : await this.#keepPatiently(entry, label);
        if (problem !== null && problem.kind !== "refused" && problem.kind !== "broken") return problem;
      }
      return null;
    } finally {
      this.#isBusy = false;
    }
  }

  /** @param {Entry} entry */
  async takeBack(entry) {
    const kept = this.#kept.get(entry);
    if (!kept?.id || kept.isBusy) return;
    const stored = { id: kept.id, before: kept.before };
    await this.#try(entry, { ...kept, isBusy: true, problem: null }, async () => {
      await this.#undo(stored);
      return null;
    });
  }

  /**
   * @param {Entry} entry
   * @param {string} label
   */
  async #keepPatiently(entry, label) {
    for (let tried = 1; ; tried += 1) {
      const problem = await this.#keepOne(entry, label);
      if (problem?.kind !== "busy" || tried === TRIES) return problem;
      await this.#pause(PAUSE_MS * tried);
    }
  }

  /**
   * @param {Entry} entry
   * @param {string} label
   */
  #keepOne(entry, label) {
    const known = this.#kept.get(entry);
    const before = { id: null, label: null, before: undefined, ...known, isBusy: true, problem: null };
    return this.#try(entry, before, async () => {
      const stored = await this.#store(entry, label);
      // Kept a second time, with another label: taking it back goes back to before the first.
      const first = known?.id ? known.before : stored.before;
      return { id: stored.id, label, before: first, isBusy: false, problem: null };
    });
  }

  /**
   * @param {Entry} entry
   * @param {Kept} meanwhile
   * @param {() => Promise<Kept | null>} act
   * @returns {Promise<ApiError | null>}
   */
  async #try(entry, meanwhile, act) {
    this.#become(entry, meanwhile);
    try {
      this.#become(entry, await act());
      return null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#become(entry, { ...meanwhile, isBusy: false, problem: error });
      return error;
    }
  }

  /**
   * @param {Entry} entry
   * @param {Kept | null} kept
   */
  #become(entry, kept) {
    if (kept === null) this.#kept.delete(entry);
    else this.#kept.set(entry, kept);
    this.#onChange(entry);
  }
}
