/** A question, what is said of its answer, and the buttons that go with it. */

import { say } from "../../text/catalogue.js";
import { byId, el, findAll } from "../../widgets/element.js";
import { progressOf, spokenQuestion } from "./words.js";

/** @typedef {"asking" | "doubtful" | "marked"} Stage */

export class RoundView {
  #main = byId("main", HTMLElement);
  #question = byId("question", HTMLElement);
  #progress = byId("progress", HTMLElement);
  #streak = byId("streak", HTMLElement);
  #figures = byId("figures", HTMLElement);
  #before = byId("before", HTMLElement);
  #after = byId("after", HTMLElement);
  #punctuation = byId("punctuation", HTMLElement);
  #told = byId("told", HTMLElement);
  #detail = byId("detail", HTMLElement);
  #said = byId("said", HTMLFormElement);
  #saidNumber = byId("said-number", HTMLInputElement);
  #yes = byId("yes", HTMLButtonElement);
  #misread = byId("misread", HTMLButtonElement);
  #written = byId("written", HTMLInputElement);
  #actions = findAll(document, ".practice-actions[data-for]", HTMLElement);

  /** @param {import("./round.js").Round} round */
  showQuestion(round) {
    const { question } = round;
    const progress = progressOf(round);
    this.#question.textContent = say("practice.spoken", { progress, question: spokenQuestion(question) });
    const dots = Array.from({ length: question.figures }, () => el("li", { class: "practice-dot" }));
    this.#figures.replaceChildren(...dots);
    this.#figures.hidden = dots.length === 0;
    this.#before.textContent = dots.length > 0 ? say("practice.howMany") : question.before;
    // A comma goes with the gap, not with what follows it.
    const rest = question.after.replace(/^[,.;:?!]/, "");
    this.#punctuation.textContent = question.after.slice(0, question.after.length - rest.length);
    this.#after.textContent = rest.trim();
    this.showProgress(round);
    this.showWritten("", { isSure: true });
    this.tell("");
    this.show("asking");
    this.#question.focus({ preventScroll: true });
  }

  /** @param {import("./round.js").Round} round */
  showProgress(round) {
    const { streak } = round;
    this.#progress.textContent = progressOf(round);
    this.#streak.textContent = streak > 0 ? say("practice.streak", { count: streak }) : "";
  }

  /**
   * What the answer is taken to be, so far.
   *
   * @param {string} text
   * @param {{ isSure: boolean }} how
   */
  showWritten(text, { isSure }) {
    this.#written.value = text;
    this.#written.classList.toggle("is-unsure", !isSure);
  }

  /**
   * @param {string} told
   * @param {string} [detail]
   */
  tell(told, detail = "") {
    this.#told.textContent = told;
    this.#detail.textContent = detail;
  }

  /** @param {Stage} stage */
  show(stage) {
    this.#main.dataset.state = stage;
    for (const actions of this.#actions) actions.hidden = actions.dataset.for !== stage;
    this.#said.hidden = true;
    this.#written.readOnly = stage !== "asking";
    if (stage !== "marked") delete this.#main.dataset.mark;
  }

  /**
   * Asks whether a number is what was written; "" where none could be read.
   *
   * @param {string} number
   */
  doubt(number) {
    this.show("doubtful");
    this.#yes.hidden = number === "";
    this.#yes.textContent = say("practice.yes", { number });
    if (number === "") this.tell(say("practice.doubtNone"), say("practice.doubtNoneDetail"));
    else this.tell(say("practice.doubt", { number }));
    this.askWhatWasWritten();
    // No field, for which a phone would show its keyboard.
    byId(number === "" ? "rewrite" : "yes", HTMLButtonElement).focus({ preventScroll: true });
    this.#said.scrollIntoView({ block: "nearest" });
  }

  /** A field for what was written, in place of what was read. */
  askWhatWasWritten() {
    this.#saidNumber.value = "";
    this.#said.hidden = false;
    this.#misread.hidden = true;
  }

  /**
   * @param {{ told: string, detail: string }} words
   * @param {import("./round.js").Verdict} verdict
   */
  showVerdict({ told, detail }, { written, isRight, isRead }) {
    this.showWritten(written, { isSure: true });
    this.show("marked");
    this.#main.dataset.mark = isRight ? "right" : "wrong";
    this.#misread.hidden = !isRead;
    this.tell(told, detail);
    byId("next", HTMLButtonElement).focus({ preventScroll: true });
  }
}
