/** What becomes of the pictures on the page Draw: each is stored once, labelled, and can be taken back. */

import { ApiError } from "../../api/error.js";
import { canBeKept, fail, forget, isDone, newTask, take, tasksFromText, tasksToText } from "./keeping-task.js";

/** @typedef {import("./keeping-task.js").Task} Task */
/** @typedef {import("./keeping-task.js").Source} Source */
/** @typedef {import("./keeping-task.js").Content} Content */

/** @typedef {{ id: string, wasHeld: boolean, labelBefore: string | null, label: string | null }} Stored */

/**
 * The server. `store` gives a label too where the picture was refused, and says whether the person
 * held it before, and their label before and now; `label` resolves to the label that everybody is
 * shown; `remove` takes picture and label back. All throw ApiErrors.
 *
 * @typedef {object} Server
 * @property {(source: Source, content: Content, label: string | null) => Promise<Stored>} store
 * @property {(id: string, word: string | null) => Promise<string | null>} label
 * @property {(id: string) => Promise<unknown>} remove
 */

/** Keeps pictures; it knows no page and no network. */
export class Keeper {
  #server;
  #onChange;
  /** @type {Map<string, Task>} */
  #tasks = new Map();
  /** @type {Set<Promise<void>>} What is being sent. */
  #underWay = new Set();
  /** @type {Task | null} */
  #current = null;
  /** @type {Task | null} The task of the drawing on the paper, as it was read last. */
  #drawn = null;
  /** @type {Task | null} */
  #latest = null;
  /** @type {Task | null} What was kept of this drawing because it seemed finished. */
  #rested = null;
  #isDrawingKept = false;

  /** @param {Server & { onChange: () => void }} options `onChange()` follows every change */
  constructor({ onChange, ...server }) {
    this.#server = server;
    this.#onChange = onChange;
  }

  /** The task of the picture that the answer is about, or null where there is none to keep. */
  get current() {
    return this.#current;
  }

  /** What the drawing was that has been cleared, if it was kept, while nothing else is offered. */
  get latest() {
    return this.#current === null && this.#latest?.isAsked ? this.#latest : null;
  }

  /** Tasks other than those that did not come to their end, but for the one that is shown. */
  get unfinished() {
    const shown = this.#current ?? this.latest;
    return [...this.#tasks.values()].filter((task) => task !== shown && task.problem !== null);
  }

  /** Resolves when all that is being sent has ended, well or not; null where nothing is. */
  get underWay() {
    return this.#underWay.size === 0 ? null : Promise.all(this.#underWay);
  }

  /**
   * There is an answer that can be kept; where it is a refusal, only with a label.
   *
   * @param {string} key
   * @param {Source} source
   * @param {Content} content
   * @param {{ isRefused?: boolean }} [answer]
   */
  offer(key, source, content, { isRefused = false } = {}) {
    const task = this.#tasks.get(key) ?? newTask({ key, source, content });
    task.content = content;
    task.isRefused = isRefused;
    this.#tasks.set(key, task);
    this.#latest = null;
    if (source === "draw") this.#drawn = task;
    this.#become(task);
  }

  /** What was offered is not what is seen any more. */
  withdraw() {
    this.#become(null);
  }

  /** The paper is empty: what comes is another drawing. */
  beginDrawing() {
    this.#latest = this.#drawn;
    this.#drawn = null;
    this.#rested = null;
    this.#isDrawingKept = false;
    this.#onChange();
  }

  /**
   * Keeps the current picture, with a label if one is given.
   *
   * @param {string} [label]
   */
  async keep(label) {
    const task = this.#current;
    if (task === null || (label === undefined && !canBeKept(task))) return;
    if (task.source === "draw") this.#isDrawingKept = true;
    await this.#want(task, { isKept: true, label: label ?? task.wanted.label });
    await this.#replaceRested(task);
  }

  /**
   * Keeps the current picture unless the person has already had a say in that. `isLeft` says that the page is
   * being left: the server is asked before this returns, but its answer may not be heard.
   *
   * @param {{ isLeft?: boolean }} [how]
   */
  async keepUnasked({ isLeft = false } = {}) {
    const task = this.#current;
    if (task === null || task.wanted.isKept || task.isUndone || task.isRefused) return;
    if (task.source === "draw" && this.#isDrawingKept) return;
    task.isLeft = isLeft;
    await this.#want(task, { isKept: true, label: null });
    if (task.source !== "draw") return;
    await this.#replaceRested(task);
    this.#rested = task;
  }

  /** Takes the last thing back that was done to the picture that is shown. */
  async undo() {
    const task = this.#current ?? this.latest;
    const before = task?.past.pop();
    if (!task || before === undefined) return;
    task.wanted = before;
    task.isUndone = true;
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

  /** What has to outlive a reload, as a text. */
  toText() {
    return tasksToText([...this.#tasks.values()]);
  }

  /**
   * Takes up what `toText` gave, and goes on where it was interrupted.
   *
   * @param {string} text
   */
  async resume(text) {
    for (const task of tasksFromText(text)) this.#tasks.set(task.key, task);
    await Promise.all([...this.#tasks.values()].filter((task) => !isDone(task)).map((task) => this.#run(task)));
  }

  /** @param {Task | null} task */
  #become(task) {
    const before = this.#current;
    this.#current = task;
    if (before !== null && before !== task && !before.isAsked) this.#tasks.delete(before.key);
    this.#onChange();
  }

  /**
   * What was kept of a drawing before it went on gives way to what it became.
   *
   * @param {Task} task
   */
  async #replaceRested(task) {
    const before = this.#rested;
    this.#rested = null;
    if (before === null || before === task || task.id === null) return;
    if (before.wanted.label !== null || before.past.length === 0) return;
    before.past = [];
    before.wanted = { isKept: false, label: null };
    await this.#run(before);
  }

  /**
   * @param {Task} task
   * @param {import("./keeping-task.js").State} state
   */
  async #want(task, state) {
    if (task.wanted.isKept !== state.isKept || task.wanted.label !== state.label) {
      task.past.push(task.wanted);
      task.wanted = state;
    }
    await this.#run(task);
  }

  /** @param {Task} task */
  async #run(task) {
    task.isAsked = true;
    // What is wanted since the start is seen by the loop that is under way.
    if (task.isBusy) return;
    const ended = this.#goOn(task);
    this.#underWay.add(ended);
    await ended.finally(() => this.#underWay.delete(ended));
  }

  /** @param {Task} task */
  async #goOn(task) {
    task.isBusy = true;
    task.problem = null;
    this.#onChange();
    try {
      while (!isDone(task)) await this.#step(task);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fail(task, error);
    } finally {
      task.isBusy = false;
      this.#onChange();
    }
  }

  /** @param {Task} task */
  async #step(task) {
    const { isKept, label } = task.wanted;
    if (task.id === null) {
      take(task, await this.#server.store(task.source, task.content, task.isRefused ? label : null));
    } else if (isKept) {
      task.labelForAll = await this.#server.label(task.id, label);
      task.label = label;
    } else {
      await this.#server.remove(task.id);
      forget(task);
    }
  }
}
