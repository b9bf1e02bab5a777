/** The page on which doubtful answers are looked at: by keys, buttons and fingers. */

import { Client } from "../../api/client.js";
import { ApiError } from "../../api/error.js";
import { pageSender } from "../../session/person.js";
import { singleKeysWork } from "../../session/single-keys.js";
import { say } from "../../text/catalogue.js";
import { byId, findAll } from "../../widgets/element.js";
import { formatCount, formatPercent } from "../../widgets/numbers.js";
import { Answers } from "./answers.js";
import { actionForKey } from "./keys.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {{ written: string, mark: "right" | "wrong" | "look", kept: number }} Taken what the server took */

/** @param {Answer} answer */
function whoseIs({ pupil, file, attempt, attempts }) {
  if (pupil === null) return file;
  return attempts > 1 ? say("worksheets.attempt", { pupil, attempt: formatCount(attempt) }) : pupil;
}

export class AnswerReviewPage {
  #main = byId("main", HTMLElement);
  #written = byId("written", HTMLInputElement);
  #keep = byId("keep", HTMLInputElement);
  #picture = byId("picture", HTMLImageElement);
  #sender = pageSender();
  #connection;
  #told = byId("told", HTMLElement);
  #showing = byId("show", HTMLButtonElement);
  /** @type {Answer | null} */
  #shown = null;
  /** Whose digits were kept. @type {Set<Answer>} */
  #kept = new Set();
  #answers = new Answers({
    send: (answer, decision) => this.#send(answer, decision),
    onChange: () => this.#show(),
  });

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    this.#connection = connection;
    addEventListener("keydown", (event) => this.#typed(event));
    for (const button of findAll(document, "[data-mark]", HTMLButtonElement)) {
      const mark = button.dataset.mark === "right" ? "right" : "wrong";
      button.addEventListener("click", () => this.#do({ kind: "mark", mark }));
    }
    byId("say", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#do({ kind: "send" });
    });
    this.#showing.addEventListener("click", () => this.#do({ kind: "show" }));
    byId("later", HTMLElement).addEventListener("click", () => this.#do({ kind: "later" }));
    byId("undo", HTMLElement).addEventListener("click", () => this.#do({ kind: "undo" }));
    addEventListener("beforeunload", (event) => {
      if (this.#answers.isSending) event.preventDefault();
    });
    this.#begin();
  }

  async #begin() {
    try {
      const { answers } = await new Client().get(this.#main.dataset.listUrl ?? "");
      this.#answers.begin(answers);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      byId("end-title", HTMLElement).textContent = error.message;
    }
  }

  /** @param {KeyboardEvent} event */
  #typed(event) {
    const { target, key } = event;
    const isInField = target === this.#written;
    const isOnControl = target instanceof Element && target.closest("a, button, input, summary") !== null;
    if (isOnControl && !isInField && (key === "Enter" || key === " ")) return;
    const action = actionForKey(event, singleKeysWork());
    if (action === null) return;
    // Within the field, digits are typed, and what deletes or moves does that while there is something.
    const isTyping = this.#written.value !== "" && action.kind !== "show";
    if (isInField && (action.kind === "digit" || action.kind === "send" || isTyping)) return;
    event.preventDefault();
    this.#do(action);
  }

  /** @param {import("./keys.js").Action} action */
  #do(action) {
    if (action.kind === "digit") this.#type(action.digit);
    else if (action.kind === "mark") this.#answers.decide({ mark: action.mark });
    else if (action.kind === "show") this.#tell(this.#showing.ariaPressed !== "true");
    else if (action.kind === "later") this.#answers.later();
    else if (action.kind === "send") this.#sendWritten();
    else this.#answers.undo();
  }

  /** @param {string} digit */
  #type(digit) {
    if (this.#answers.current === null) return;
    this.#written.value += digit;
    this.#written.focus();
  }

  #sendWritten() {
    const written = this.#written.value.trim();
    if (/^[0-9]{1,8}$/.test(written)) this.#answers.decide({ written, keep: this.#keep.checked });
    else this.#note(say("worksheets.digits"));
  }

  /**
   * @param {Answer} answer
   * @param {import("./answers.js").Decision} decision
   */
  async #send(answer, decision) {
    try {
      const content = new Blob([JSON.stringify(decision)], { type: "application/json" });
      const taken = await this.#sender.post(answer.url, content);
      this.#connection.reportAnswer();
      this.#confirm(answer, decision, taken);
    } catch (error) {
      if (error instanceof ApiError && error.isAway) this.#connection.reportSilence();
      throw error;
    }
  }

  /**
   * Says how the answer before this one is marked, and what became of its digits.
   *
   * @param {Answer} answer
   * @param {import("./answers.js").Decision} decision
   * @param {Taken} taken
   */
  #confirm(answer, decision, { written, mark, kept }) {
    const pupil = whoseIs(answer);
    const isRight = mark === "right";
    const sentences = [];
    if ("undo" in decision) {
      sentences.push(say("worksheets.undone", { pupil }));
      if (this.#kept.has(answer)) sentences.push(say("worksheets.stayKept"));
    } else if ("written" in decision) {
      sentences.push(say(isRight ? "worksheets.wroteRight" : "worksheets.wroteWrong", { pupil, written }));
      if (kept > 0) {
        this.#kept.add(answer);
        sentences.push(say("worksheets.kept", { count: kept, shown: formatCount(kept) }));
      } else if (decision.keep) sentences.push(say("worksheets.notKept"));
    } else {
      sentences.push(say(isRight ? "worksheets.markedRight" : "worksheets.markedWrong", { pupil }));
    }
    byId("last", HTMLElement).textContent = sentences.join(" ");
  }

  #show() {
    const { current, left, canUndo, isSending, problem } = this.#answers;
    this.#main.dataset.state = current === null ? "end" : "answer";
    byId("left", HTMLElement).textContent = say("worksheets.left", { count: left, shown: formatCount(left) });
    const end = say(isSending ? "worksheets.saving" : "worksheets.end");
    byId("end-title", HTMLElement).textContent = end;
    byId("results", HTMLElement).hidden = isSending;
    if (current === null) byId("spoken", HTMLElement).textContent = end;
    for (const control of findAll(byId("say", HTMLElement), "button, input", HTMLElement)) {
      const isOff = control.id === "undo" ? !canUndo : current === null;
      if (control instanceof HTMLButtonElement || control instanceof HTMLInputElement) control.disabled = isOff;
    }
    this.#note(problem === null ? "" : say("worksheets.refused", { problem: problem.message }));
    if (current !== this.#shown) this.#showAnswer(current);
  }

  /** @param {Answer | null} answer */
  #showAnswer(answer) {
    this.#shown = answer;
    this.#written.value = "";
    const focused = document.activeElement;
    if (answer === null) return;
    if (focused === this.#written || focused === document.body) byId("stage", HTMLElement).focus();
    const { alike, next } = this.#answers;
    const pupil = whoseIs(answer);
    const asked = say("worksheets.asked", { number: answer.number, text: answer.text });
    const whose = say("worksheets.whose", { pupil, count: alike, shown: formatCount(alike) });
    byId("asked", HTMLElement).textContent = asked;
    byId("whose", HTMLElement).textContent = whose;
    byId("spoken", HTMLElement).textContent = `${asked} ${whose}`;
    this.#tell(false);
    this.#picture.src = answer.picture;
    this.#picture.alt = say("worksheets.picture", { pupil });
    if (next !== null) new Image().src = next.picture; // so that it is there at once
  }

  /**
   * Tells what is right and what was read, or neither: who looks reads for themselves first.
   *
   * @param {boolean} isTold
   */
  #tell(isTold) {
    const answer = this.#shown;
    if (answer === null) return;
    const right = say("worksheets.right", { answer: answer.answer });
    const sure = formatPercent(answer.confidence);
    const reading =
      answer.written === "" ? say("worksheets.readNothing") : say("worksheets.read", { written: answer.written, sure });
    const words = `${right} ${reading}`;
    this.#showing.ariaPressed = String(isTold);
    this.#told.textContent = isTold ? words : "";
    if (isTold) byId("spoken", HTMLElement).textContent = words;
  }

  /** @param {string} words */
  #note(words) {
    byId("note", HTMLElement).textContent = words;
  }
}
