/** Reads many files, a few at a time and in their order. It knows no page and no network. */

/**
 * "waiting", "reading", "read" (there is an answer), or "failed" (`problem` says why and what to do).
 *
 * @typedef {"waiting" | "reading" | "read" | "failed"} State
 */

/**
 * Why nothing is read just now: nothing is left ("done"), the server cannot be reached ("away"), it is
 * busy ("busy"), or the person wants it ("stopped").
 *
 * @typedef {"done" | "away" | "busy" | "stopped"} Rest
 */

/**
 * One file. `label` is what the person says that it shows, and null while they have not; `source` whether it was
 * brought, or cut out of a drawing.
 *
 * @typedef {object} Entry
 * @property {string} name with its folders
 * @property {File} file
 * @property {State} state
 * @property {import("../api/predict.js").Answer | null} answer
 * @property {HTMLCanvasElement | null} thumbnail
 * @property {string} problem
 * @property {string | null} label
 * @property {"upload" | "draw"} source
 */

/** @typedef {{ name: string, file: File } & Partial<Entry>} Named with what is known of it already */
/** @typedef {{ answer: import("../api/predict.js").Answer, thumbnail: HTMLCanvasElement | null }} Read */

const AT_ONCE = 2;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;

export class FileQueue {
  #read;
  #pause;
  #onEntry;
  #onRest;
  /** @type {Entry[]} */
  #entries = [];
  /** @type {Rest | null} */
  #rest = "done";
  #pauses = 0;
  /** @type {AbortController} */
  #under = new AbortController();

  /**
   * `read(file, signal)` resolves to what was read, or throws an error whose message says what to do; its
   * `kind` is "away", "slow", "busy" or "overtaken" where the same is worth another try. `onEntry(entry)`
   * follows every change of an entry, `onRest(rest)` every halt and start (null).
   *
   * @param {object} options
   * @param {(file: File, signal: AbortSignal) => Promise<Read>} options.read
   * @param {(ms: number) => Promise<unknown>} options.pause
   * @param {(entry: Entry) => void} options.onEntry
   * @param {(rest: Rest | null) => void} options.onRest
   */
  constructor({ read, pause, onEntry, onRest }) {
    this.#read = read;
    this.#pause = pause;
    this.#onEntry = onEntry;
    this.#onRest = onRest;
  }

  get entries() {
    return this.#entries;
  }

  get rest() {
    return this.#rest;
  }

  /** How many have come to their end, with an answer or without one. */
  get finished() {
    return this.#entries.filter(({ state }) => state === "read" || state === "failed").length;
  }

  /**
   * Appends files, and reads on.
   *
   * @param {Named[]} files
   */
  add(files) {
    const fresh = { state: "waiting", answer: null, thumbnail: null, problem: "", label: null, source: "upload" };
    this.#entries.push(...files.map((named) => /** @type {Entry} */ ({ ...fresh, ...named })));
    this.resume();
  }

  /** Stops after the person's wish; what is under way is dropped and waits again. */
  stop() {
    this.#halt("stopped");
  }

  /** Reads on where it stopped. */
  resume() {
    this.#rest = null;
    this.#onRest(null);
    for (let i = this.#reading; i < AT_ONCE; i += 1) this.#next();
  }

  /**
   * Takes a file off the list.
   *
   * @param {Entry} entry
   */
  remove(entry) {
    this.#entries = this.#entries.filter((other) => other !== entry);
  }

  /** Takes all files off the list. */
  empty() {
    this.#entries = [];
    this.#halt("done");
  }

  get #reading() {
    return this.#entries.filter(({ state }) => state === "reading").length;
  }

  /** @param {Rest} rest */
  #halt(rest) {
    if (this.#rest === rest) return;
    this.#rest = rest;
    this.#under.abort();
    this.#under = new AbortController();
    for (const entry of this.#entries) if (entry.state === "reading") this.#become(entry, { state: "waiting" });
    this.#onRest(rest);
  }

  /**
   * @param {Entry} entry
   * @param {Partial<Entry>} changes
   */
  #become(entry, changes) {
    Object.assign(entry, changes);
    this.#onEntry(entry);
  }

  async #next() {
    if (this.#rest !== null) return;
    const entry = this.#entries.find(({ state }) => state === "waiting");
    if (entry === undefined) {
      if (this.#reading === 0) this.#halt("done");
      return;
    }
    this.#become(entry, { state: "reading" });
    const { signal } = this.#under;
    try {
      const found = await this.#read(entry.file, signal);
      if (signal.aborted) return;
      this.#pauses = 0;
      this.#become(entry, { ...found, state: "read", problem: "" });
    } catch (error) {
      if (signal.aborted) return;
      if (this.#mayComeLater(error)) return;
      this.#become(entry, { state: "failed", problem: error instanceof Error ? error.message : "" });
    }
    this.#next();
  }

  /**
   * Halts where the server cannot be reached or is busy. Returns whether it did.
   *
   * @param {any} error
   */
  #mayComeLater({ kind }) {
    if (kind === "away" || kind === "slow") {
      this.#halt("away");
      return true;
    }
    if (kind !== "busy") return false;
    this.#halt("busy");
    this.#pauses += 1;
    const delay = Math.min(FIRST_PAUSE_MS * 2 ** (this.#pauses - 1), LONGEST_PAUSE_MS);
    this.#pause(delay).then(() => {
      if (this.#rest === "busy") this.resume();
    });
    return true;
  }
}
