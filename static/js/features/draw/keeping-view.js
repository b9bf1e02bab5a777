/** Right, the row of digits, Keep, and what has become of it. */

import { addressOf } from "../../api/address.js";
import { singleKeysWork } from "../../session/single-keys.js";
import { say } from "../../text/catalogue.js";
import { labelInWords, lowerFirst } from "../../text/digits.js";
import { byId, el, findAll } from "../../widgets/element.js";
import { labelForKey } from "../../widgets/label-keys.js";
import { canBeKept } from "./keeping-task.js";

/** @typedef {import("./keeper.js").Task} Task */
/** @typedef {import("./keeper.js").Keeper} Keeper */
/** @typedef {import("../../api/error.js").ApiError} ApiError */
/** @typedef {(label: string | undefined) => void} Keep */
/** @typedef {(Node | string)[]} Content */

export class KeepingView {
  #root = byId("keeping", HTMLElement);
  #words = byId("keeping-words", HTMLElement);
  #unfinished = byId("keeping-unfinished", HTMLElement);
  #onRetry;
  #onUndo;
  /** @type {number | null} The digit that was read, while there is one to keep. */
  #digit = null;

  /**
   * `onKeep(label)` keeps what is shown, without a label where it is undefined; `onRetry()` tries
   * again; `onUndo()` takes the last thing back.
   *
   * @param {{ onKeep: Keep, onRetry: () => void, onUndo: () => void }} listeners
   */
  constructor({ onKeep, onRetry, onUndo }) {
    this.#onRetry = onRetry;
    this.#onUndo = onUndo;
    this.#root.addEventListener("click", ({ target }) => this.#pressed(target, onKeep));
    addEventListener("keydown", (event) => this.#typed(event, onKeep));
  }

  /**
   * Shows what stands with a keeper, of an answer with this digit (or null), or why there is nothing to keep. What
   * it may be as well stands out among the digits.
   *
   * @param {Keeper} keeper
   * @param {number | null} digit
   * @param {string | null} why
   * @param {string[]} alternatives
   */
  show(keeper, digit, why, alternatives) {
    const task = keeper.current;
    this.#digit = task === null ? null : digit;
    for (const button of findAll(this.#root, "button.choice", HTMLButtonElement)) {
      showButton(button, task, this.#digit);
      button.classList.toggle("is-near", alternatives.includes(button.dataset.label ?? ""));
    }
    const words = task === null ? this.#wordsWithout(keeper, why) : this.#wordsOf(task);
    fill(this.#words, words, (task ?? keeper.latest)?.problem ?? null);
    this.#showUnfinished(keeper.unfinished);
  }

  /**
   * @param {EventTarget | null} target
   * @param {Keep} keep
   */
  #pressed(target, keep) {
    const button = target instanceof Element ? target.closest("button.choice") : null;
    if (!(button instanceof HTMLElement)) return;
    if (button.getAttribute("aria-disabled") === "true") return;
    const { label } = button.dataset;
    keep(label === "right" ? String(this.#digit) : label);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Keep} keep
   */
  #typed(event, keep) {
    const isWritten = event.target instanceof Element && event.target.matches("input, textarea, select");
    if (event.repeat || !singleKeysWork() || isWritten) return;
    const isPlain = !(event.altKey || event.ctrlKey || event.metaKey);
    if (isPlain && event.key.toLowerCase() === "k") {
      keep(undefined);
    } else if (/^[0-9n]$/i.test(event.key) || (/^r$/i.test(event.key) && this.#digit !== null)) {
      const label = labelForKey(event, this.#digit);
      if (label !== undefined) keep(label);
    }
  }

  /**
   * @param {Keeper} keeper
   * @param {string | null} why
   * @returns {Content}
   */
  #wordsWithout({ latest }, why) {
    if (latest === null) return [why ?? ""];
    const [state, ...rest] = this.#wordsOf(latest);
    return typeof state === "string" ? [say("keeping.latest", { state: lowerFirst(state) }), ...rest] : rest;
  }

  /**
   * @param {Task} task
   * @returns {Content}
   */
  #wordsOf(task) {
    if (task.problem !== null) return this.#wordsOfProblem(task, task.problem);
    if (task.isBusy) return [say(task.isUndone ? "keeping.undoing" : "keeping.busy")];
    if (task.id !== null) return [`${wordsOfKept(task)} `, ...this.#undoOf(task), this.#linkTo(task)];
    if (task.isUndone) return [say("keeping.undone")];
    return [say(task.isRefused ? "keeping.refused" : "keeping.notYet")];
  }

  /**
   * @param {Task} task
   * @param {ApiError} problem
   * @returns {Content}
   */
  #wordsOfProblem(task, problem) {
    const words = say(codeOfProblem(task), { problem: lowerFirst(problem.message) });
    return [`${words} `, ...this.#waysOut(problem), " ", ...this.#undoOf(task)];
  }

  /**
   * @param {Task} task
   * @returns {Content}
   */
  #undoOf({ past }) {
    if (past.length === 0) return [];
    const button = linkButton(say("keeping.undo"), this.#onUndo);
    button.setAttribute("aria-label", say("keeping.undoLabel"));
    return [button, " "];
  }

  /** @param {Task[]} tasks */
  #showUnfinished(tasks) {
    const problem = tasks[0]?.problem ?? null;
    this.#unfinished.hidden = problem === null;
    if (problem === null) return;
    const words = say("keeping.unfinished", { count: tasks.length, problem: lowerFirst(problem.message) });
    fill(this.#unfinished, [`${words} `, ...this.#waysOut(problem)], problem);
  }

  /**
   * @param {ApiError} problem
   * @returns {Content}
   */
  #waysOut({ kind }) {
    if (kind === "replaced") return [linkButton(say("keeping.reload"), () => location.reload())];
    const again = linkButton(say("keeping.tryAgain"), this.#onRetry);
    if (kind !== "loggedOut") return [again];
    const href = this.#root.dataset.logInUrl ?? "";
    // Beside this page, since a picture that was sent would not outlive the way there.
    return [el("a", { href, target: "_blank" }, say("keeping.logIn")), say("keeping.then"), again];
  }

  /** @param {Task} task */
  #linkTo({ id }) {
    const href = addressOf(this.#root.dataset.pictureUrl ?? "", id ?? "");
    return el("a", { href }, say("keeping.see"));
  }
}

/**
 * @param {HTMLButtonElement} button
 * @param {Task | null} task
 * @param {number | null} digit
 */
function showButton(button, task, digit) {
  button.setAttribute("aria-disabled", String(task === null || !isOfUse(button, task, digit)));
  if (button.hasAttribute("aria-pressed")) {
    const { isKept = false, label = null } = task?.wanted ?? {};
    button.setAttribute("aria-pressed", String(isKept && label === button.dataset.label));
  }
}

/**
 * @param {HTMLButtonElement} button
 * @param {Task} task
 * @param {number | null} digit
 */
function isOfUse(button, task, digit) {
  if (button.id === "keep") return canBeKept(task) && (!task.wanted.isKept || task.problem !== null);
  return button.dataset.label !== "right" || digit !== null;
}

/** @param {Task} task */
function codeOfProblem({ id, wanted }) {
  if (id === null) return "keeping.notKept";
  return wanted.isKept ? "keeping.notLabelled" : "keeping.notUndone";
}

/**
 * @param {HTMLElement} place
 * @param {Content} content
 * @param {ApiError | null} problem
 */
function fill(place, content, problem) {
  place.classList.toggle("is-problem", problem !== null);
  // A status that is written anew is read out anew.
  const text = content.map((part) => (typeof part === "string" ? part : part.textContent)).join("");
  if (place.textContent !== text) place.replaceChildren(...content);
}

/** @param {Task} task */
function wordsOfKept({ label, labelForAll }) {
  if (label === null) return say("keeping.kept");
  const words = labelInWords(label);
  if (labelForAll === null || labelForAll === label) return say("keeping.keptAs", { label: words });
  return say("keeping.keptOtherwise", { label: words, labelForAll: labelInWords(labelForAll) });
}

/**
 * @param {string} words
 * @param {() => void} onClick
 */
function linkButton(words, onClick) {
  return el("button", { type: "button", class: "text-button", click: onClick }, words);
}
