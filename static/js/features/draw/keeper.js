/**
 * What becomes of the pictures on the page Draw: each is stored once, and then labelled.
 *
 * A task is { key, source, content, id, label, labelForAll, wanted, isAsked, isBusy, problem }.
 * `key` says what is the same picture; `id` is the server's name for it, once it is stored; `label`
 * is what the server knows of this person, `labelForAll` what everybody is shown, `wanted` what the
 * person said. It knows no page and no network.
 */

import { SendError } from "../../api/send.js";

/** So many are remembered of those that are done, for when an undo brings one back. */
const MOST_DONE = 20;

export class Keeper {
  #store;
  #label;
  #onChange;
  #tasks = new Map();
  #current = null;
  #latest = null;
  #isDrawingKept = false;

  /**
   * `store(source, content)` resolves to an id, `label(id, word)` gives the label and
   * resolves to the one that everybody is shown; both throw SendErrors. `onChange()` follows every change.
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

  /** There is an answer that can be kept. */
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

  /** Keeps the current picture, with a label if one is given. */
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

  /** Tries again what failed; `isWorthwhile(problem)` chooses. */
  async retry(isWorthwhile = () => true) {
    const failed = [...this.#tasks.values()].filter(({ problem }) => problem !== null && isWorthwhile(problem));
    await Promise.all(failed.map((task) => this.#run(task)));
  }

  /** What has to outlive a reload, as a text; pictures that are not drawings cannot. */
  toText() {
    const drawings = [...this.#tasks.values()].filter(({ isAsked, source }) => isAsked && source === "draw");
    const done = drawings.filter(isDone).slice(-MOST_DONE);
    const kept = drawings.filter((task) => !isDone(task) || done.includes(task));
    return JSON.stringify(kept.map(({ key, id, label, labelForAll, wanted }) => ({ key, id, label, labelForAll, wanted })));
  }

  /** Takes up what `toText` gave, and goes on where it was interrupted. */
  async resume(text) {
    for (const known of tasksFromText(text)) {
      this.#tasks.set(known.key, newTask({ ...known, source: "draw", content: known.key, isAsked: true }));
    }
    await Promise.all([...this.#tasks.values()].filter((task) => !isDone(task)).map((task) => this.#run(task)));
  }

  #become(task) {
    const before = this.#current;
    this.#current = task;
    if (before !== null && before !== task && !before.isAsked) this.#tasks.delete(before.key);
    this.#onChange();
  }

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
      if (!(error instanceof SendError)) throw error;
      this.#fail(task, error);
    } finally {
      task.isBusy = false;
      this.#onChange();
    }
  }

  #fail(task, error) {
    task.problem = error;
    // It was deleted elsewhere: asked once more, it is stored anew.
    if (error.status === 404) task.id = null;
  }
}

function newTask(known) {
  return { id: null, label: null, labelForAll: null, wanted: null, isAsked: false, isBusy: false, problem: null, ...known };
}

function isDone({ id, label, wanted }) {
  return id !== null && label === wanted;
}

function tasksFromText(text) {
  try {
    const tasks = JSON.parse(text);
    return Array.isArray(tasks) ? tasks.filter((task) => typeof task?.key === "string") : [];
  } catch {
    return [];
  }
}
