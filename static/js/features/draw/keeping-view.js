/** Right, the row of digits, Keep, and what has become of it. */

import { labelForKey, labelInWords } from "../../text/labels.js";
import { singleKeysWork } from "../../session/single-keys.js";

const NO_ID = "00000000-0000-0000-0000-000000000000";
const INVITATION = "A digit is kept when you say what it is, press Keep, or clear the paper for the next.";

export class KeepingView {
  #root = document.getElementById("keeping");
  #words = document.getElementById("keeping-words");
  #unfinished = document.getElementById("keeping-unfinished");
  #onRetry;
  /** The digit that was read, while there is one to keep. */
  #digit = null;

  /** `onKeep(label)` keeps what is shown, without a label where it is undefined; `onRetry()` tries again. */
  constructor({ onKeep, onRetry }) {
    this.#onRetry = onRetry;
    const keep = (label) => {
      if (this.#digit !== null) onKeep(label);
    };
    this.#root.addEventListener("click", ({ target }) => {
      const label = target.closest("[data-label]")?.dataset.label;
      if (label !== undefined) keep(label === "right" ? String(this.#digit) : label);
      else if (target.closest("#keep") !== null) keep(undefined);
    });
    addEventListener("keydown", (event) => {
      if (event.repeat || !singleKeysWork() || event.target.matches("input, textarea, select")) return;
      const isPlain = !(event.altKey || event.ctrlKey || event.metaKey);
      if (isPlain && event.key.toLowerCase() === "k") keep(undefined);
      else if (/^[0-9r]$/i.test(event.key)) this.#keepByKey(event, keep);
    });
  }

  /** Shows what stands with a keeper, of an answer with this digit (or null), or why there is nothing to keep. */
  show(keeper, digit, why) {
    const task = keeper.current;
    this.#digit = task === null ? null : digit;
    for (const button of this.#root.querySelectorAll("button.choice")) this.#showButton(button, task);
    this.#fill(this.#words, task === null ? this.#wordsWithout(keeper, why) : this.#wordsOf(task), task?.problem);
    this.#showUnfinished(keeper.unfinished);
  }

  #keepByKey(event, keep) {
    const label = labelForKey(event, this.#digit);
    if (label !== undefined) keep(label);
  }

  #showButton(button, task) {
    const isDone = button.id === "keep" && task !== null && task.isAsked && task.problem === null;
    button.setAttribute("aria-disabled", String(task === null || isDone));
    if (button.hasAttribute("aria-pressed")) {
      button.setAttribute("aria-pressed", String(task !== null && task.wanted === button.dataset.label));
    }
  }

  #wordsWithout({ latest }, why) {
    if (latest !== null) return ["Your last drawing is kept. ", this.#linkTo(latest)];
    return [why ?? INVITATION];
  }

  #wordsOf(task) {
    if (task.problem !== null) return this.#wordsOfProblem(task);
    if (task.isBusy) return ["Keeping…"];
    if (task.id === null) return [INVITATION];
    return [`${wordsOfKept(task)} `, this.#linkTo(task)];
  }

  #wordsOfProblem(task) {
    const what = task.id === null ? "Not kept yet" : "Kept, but not labelled yet";
    return [`${what}: ${lowerFirst(task.problem.message)} `, ...this.#waysOut(task.problem)];
  }

  #showUnfinished(tasks) {
    this.#unfinished.hidden = tasks.length === 0;
    if (tasks.length === 0) return;
    const many = tasks.length === 1 ? "An earlier digit is" : `${tasks.length} earlier digits are`;
    const [{ problem }] = tasks;
    this.#fill(this.#unfinished, [`${many} not kept yet: ${lowerFirst(problem.message)} `, ...this.#waysOut(problem)], problem);
  }

  #waysOut({ kind }) {
    if (kind === "replaced") return [reloadButton()];
    const again = linkButton("Try again", this.#onRetry);
    if (kind !== "loggedOut") return [again];
    const link = document.createElement("a");
    link.href = this.#root.dataset.logInUrl;
    // Beside this page, since a picture that was sent would not outlive the way there.
    link.target = "_blank";
    link.textContent = "Log in, in a new tab";
    return [link, ", then ", again];
  }

  #linkTo({ id }) {
    const link = document.createElement("a");
    link.href = this.#root.dataset.pictureUrl.replace(NO_ID, id);
    link.textContent = "See it in the gallery";
    return link;
  }

  #fill(place, content, problem) {
    place.classList.toggle("is-problem", Boolean(problem));
    // A status that is written anew is read out anew.
    const text = content.map((part) => part.textContent ?? part).join("");
    if (place.textContent !== text) place.replaceChildren(...content);
  }
}

function wordsOfKept({ label, labelForAll }) {
  if (label === null) return "Kept.";
  if (labelForAll === null || labelForAll === label) return `Kept as ${labelInWords(label)}.`;
  return `Kept. You said: ${labelInWords(label)}. Everybody is shown another’s label: ${labelInWords(labelForAll)}.`;
}

function linkButton(words, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "text-button";
  button.textContent = words;
  button.addEventListener("click", onClick);
  return button;
}

function reloadButton() {
  return linkButton("Reload the page", () => location.reload());
}

function lowerFirst(sentence) {
  return sentence[0].toLowerCase() + sentence.slice(1);
}
