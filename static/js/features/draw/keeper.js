/** What becomes of the pictures on the page Draw: each is stored once, and then labelled. */

import { ApiError } from "../../api/error.js";

/** @typedef {"draw" | "upload"} Source */
/** @typedef {string | Blob} Content a drawing as a text, or a picture */

/**
 * One picture. `key` says what is the same one; `id` is the server's name for it, once it is stored;
 * `label` is what the server knows of this person, `labelForAll` what everybody is shown, `wanted` what
 * the person said.
 *
 * @typedef {object} Task
 * @property {Content} key
 * @property {Source} source
 * @property {Content} content
 * @property {string | null} id
 * @property {string | null} label
 * @property {string | null} labelForAll
 * @property {string | null} wanted
 * @property {boolean} isAsked
 * @property {boolean} isBusy
 * @property {ApiError | null} problem
 */

/** So many are remembered of those that are done, for when an undo brings one back. */
const MOST_DONE = 20;

/** Keeps pictures; it knows no page and no network. */
export class Keeper {
  #store;
  #label;
  #onChange;
  /** @type {Map<Content, Task>} */
  #tasks = new Map();
  /** @type {Task | null} */
  #current = null;
  /** @type {Task | null} */
  #latest = null;
  #isDrawingKept = false;

  /**
   * `store(source, content)` resolves to an id, `label(id, word)` gives the label and
   * resolves to the one that everybody is shown; both throw ApiErrors. `onChange()` follows every change.
   *
   * @param {object} options
   * @param {(source: Source, content: Content) => Promise<string>} options.store
   * @param {(id: string, word: string | null) => Promise<string | null>} options.label
   * @param {() => void} options.onChange
   */
  constructor({ store, label, onChange }) {
    this.#store = store;
    this.#label = label;
    this.#onChange = onChange;
  }

  /** The task of the picture that the answer is about, or null where there is none to keep. */
  get current() {
    return this.#current;
  }

  /** The drawing that was kept when the next one was begun, while nothing else is offered. */
  get latest() {
    return this.#current === null && this.#latest?.id ? this.#latest : null;
  }

  /** Tasks other than the current one that did not come to their end. */
  get unfinished() {
    return [...this.#tasks.values()].filter((task) => task !== this.#current && task.problem !== null);
  }

  /**
   * There is an answer that can be kept.
   *
   * @param {Content} key
   * @param {Source} source
   * @param {Content} content
   */
  offer(key, source, content) {
    const task = this.#tasks.get(key) ?? newTask({ key, source, content });
    this.#tasks.set(key, task);
    this.#latest = null;
    this.#become(task);
  }

  /** What was offered is not what is seen any more. */
  withdraw() {
    this.#become(null);
  }

  /** The paper is empty: what comes is another drawing. */
  beginDrawing() {
    this.#isDrawingKept = false;
  }

  /**
   * Keeps the current picture, with a label if one is given.
   *
   * @param {string} [label]
   */
  async keep(label) {
    const task = this.#current;
    if (task === null) return;
    if (label !== undefined) task.wanted = label;
    if (task.source === "draw") this.#isDrawingKept = true;
    await this.#run(task);
  }

  /** The next drawing is about to begin: keeps this one, unless that has been done. */
  async startNext() {
    const task = this.#current;
    if (task === null || task.source !== "draw" || this.#isDrawingKept || task.isAsked) return;
    this.#latest = task;
    await this.#run(task);
  }

  /**
   * Tries again what failed; `isWorthwhile(problem)` chooses.
   *
   * @param {(problem: ApiError) => boolean} isWorthwhile
   */
  async retry(isWorthwhile = () => true) {
    const failed = [...this.#tasks.values()].filter(({ problem }) => problem !== null && isWorthwhile(problem));
    await Promise.all(failed.map((task) => this.#run(task)));
  }

  /** What has to outlive a reload, as a text; pictures that are not drawings cannot. */
  toText() {
    const drawings = [...this.#tasks.values()].filter(({ isAsked, source }) => isAsked && source === "draw");
    const done = drawings.filter(isDone).slice(-MOST_DONE);
    const kept = drawings.filter((task) => !isDone(task) || done.includes(task));
    const lasting = kept.map(({ key, id, label, labelForAll, wanted }) => ({ key, id, label, labelForAll, wanted }));
    return JSON.stringify(lasting);
  }

  /**
   * Takes up what `toText` gave, and goes on where it was interrupted.
   *
   * @param {string} text
   */
  async resume(text) {
    for (const known of tasksFromText(text)) {
      this.#tasks.set(known.key, newTask({ ...known, source: "draw", content: known.key, isAsked: true }));
    }
    await Promise.all([...this.#tasks.values()].filter((task) => !isDone(task)).map((task) => this.#run(task)));
  }

  /** @param {Task | null} task */
  #become(task) {
    const before = this.#current;
    this.#current = task;
    if (before !== null && before !== task && !before.isAsked) this.#tasks.delete(before.key);
    this.#onChange();
  }

  /** @param {Task} task */
  async #run(task) {
    task.isAsked = true;
    // What is wanted since the start is seen by the loop that is under way.
    if (task.isBusy) return;
    task.isBusy = true;
    task.problem = null;
    this.#onChange();
    try {
      task.id ??= await this.#store(task.source, task.content);
      while (task.wanted !== task.label) {
        const word = task.wanted;
        task.labelForAll = await this.#label(task.id, word);
        task.label = word;
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#fail(task, error);
    } finally {
      task.isBusy = false;
      this.#onChange();
    }
  }

  /**
   * @param {Task} task
   * @param {ApiError} error
   */
  #fail(task, error) {
    task.problem = error;
    // It was deleted elsewhere: asked once more, it is stored anew.
    if (error.status === 404) task.id = null;
  }
}

/**
 * @param {Pick<Task, "key" | "source" | "content"> & Partial<Task>} known
 * @returns {Task}
 */
function newTask(known) {
  const unknown = { id: null, label: null, labelForAll: null, wanted: null };
  return { ...unknown, isAsked: false, isBusy: false, problem: null, ...known };
}

/** @param {Task} task */
function isDone({ id, label, wanted }) {
  return id !== null && label === wanted;
}

/**
 * @param {string} text
 * @returns {(Pick<Task, "key"> & Partial<Task>)[]}
 */
function tasksFromText(text) {
  try {
    const tasks = JSON.parse(text);
    return Array.isArray(tasks) ? tasks.filter((task) => typeof task?.key === "string") : [];
  } catch {
    return [];
  }
}
