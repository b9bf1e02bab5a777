/** One picture that can be kept: what is known of it, what is wanted, and both as a text. */

/** @typedef {"draw" | "upload"} Source */
/** @typedef {string | Blob} Content a drawing as a text, or a picture; "" until the picture is there again */

/**
 * Whether a picture is kept, and the person's label of it.
 *
 * @typedef {{ isKept: boolean, label: string | null }} State
 */

/**
 * `key` says what is the same picture; `id` is the server's name for it, once it is stored; `label` is
 * what the server knows of this person, `labelForAll` what everybody is shown. `wanted` is what the
 * person asked for last, `past` what they had asked for before, for an undo; `isUndone` that they have
 * undone something. `isRefused`: the reader saw no digit in it, so that it is stored only with a label.
 * `isLeft`: it was sent as the page was left, so that nobody knows whether it arrived, or is a digit at all.
 *
 * @typedef {object} Task
 * @property {string} key
 * @property {Source} source
 * @property {Content} content
 * @property {boolean} isRefused
 * @property {boolean} isLeft
 * @property {string | null} id
 * @property {string | null} label
 * @property {string | null} labelForAll
 * @property {State} wanted
 * @property {State[]} past
 * @property {boolean} isUndone
 * @property {boolean} isAsked
 * @property {boolean} isBusy
 * @property {import("../../api/error.js").ApiError | null} problem
 */

/** So many are remembered of those that are done, for when an undo brings one back. */
const MOST_DONE = 20;

/**
 * @param {Pick<Task, "key" | "source" | "content"> & Partial<Task>} known
 * @returns {Task}
 */
export function newTask(known) {
  const unknown = { isRefused: false, isLeft: false, id: null, label: null, labelForAll: null };
  const wanted = { isKept: false, label: null };
  const states = { isUndone: false, isAsked: false, isBusy: false, problem: null };
  return { ...unknown, ...states, wanted, past: [], ...known };
}

/**
 * Whether the server knows all that is wanted.
 *
 * @param {Task} task
 */
export function isDone({ id, label, wanted }) {
  return wanted.isKept ? id !== null && label === wanted.label : id === null;
}

/**
 * Whether it can be kept without another word.
 *
 * @param {Task} task
 */
export function canBeKept({ isRefused, wanted }) {
  return !isRefused || wanted.label !== null;
}

/**
 * It is stored now.
 *
 * @param {Task} task
 * @param {import("./keeper.js").Stored} stored
 */
export function take(task, { id, wasHeld, labelBefore, label }) {
  const isHeldElsewhere = wasHeld && !task.isLeft;
  task.isLeft = false;
  task.id = id;
  task.label = label;
  task.labelForAll = null;
  if (!isHeldElsewhere && labelBefore === null) return;
  // What the person held or said before this page did anything is not taken away by an undo.
  task.wanted = { isKept: true, label: (task.wanted.isKept && task.wanted.label) || labelBefore };
  task.past = task.wanted.label === labelBefore ? [] : [{ isKept: true, label: labelBefore }];
}

/**
 * It is not stored any more.
 *
 * @param {Task} task
 */
export function forget(task) {
  task.id = null;
  task.label = null;
  task.labelForAll = null;
}

/**
 * What has to outlive a reload: drawings, and what has become of pictures.
 *
 * @param {Task[]} tasks
 */
export function tasksToText(tasks) {
  const asked = tasks.filter(({ isAsked }) => isAsked);
  const done = asked.filter(isDone).slice(-MOST_DONE);
  const lasting = asked.filter((task) => done.includes(task) || (!isDone(task) && canGoOn(task)));
  return JSON.stringify(
    lasting.map(({ key, source, isRefused, isLeft, id, label, labelForAll, wanted, past, isUndone }) => {
      return { key, source, isRefused, isLeft, id, label, labelForAll, wanted, past, isUndone };
    }),
  );
}

/**
 * @param {string} text
 * @returns {Task[]}
 */
export function tasksFromText(text) {
  return listFromText(text)
    .filter((task) => typeof task?.key === "string" && typeof task.wanted?.isKept === "boolean")
    .map((task) => newTask({ ...task, isAsked: true, content: task.source === "draw" ? task.key : "" }));
}

/**
 * Whether what is wanted can be done after a reload: a picture that is not stored is gone by then.
 *
 * @param {Task} task
 */
function canGoOn({ id, source }) {
  return source === "draw" || id !== null;
}

/**
 * @param {string} text
 * @returns {any[]}
 */
function listFromText(text) {
  try {
    const list = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/**
 * The server did not do it.
 *
 * @param {Task} task
 * @param {import("../../api/error.js").ApiError} error
 */
export function fail(task, error) {
  // It was deleted elsewhere: that is what was wanted, or, asked once more, it is stored anew.
  if (error.status === 404) {
    forget(task);
    if (task.content === "") task.wanted = { isKept: false, label: null };
  }
  // It was left before it was read, and is no digit.
  if (task.isLeft && error.kind === "refused") {
    task.past = [];
    task.wanted = { isKept: false, label: null };
  }
  task.problem = isDone(task) ? null : error;
}
