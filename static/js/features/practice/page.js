/** The page Practice: a round of questions, whose answers are written by hand. */

import { ApiError } from "../../api/error.js";
import { askForQuestions } from "../../api/questions.js";
import { keep, kept } from "../../session/keep.js";
import { singleKeysWork } from "../../session/single-keys.js";
import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { Paper } from "./paper.js";
import { Round } from "./round.js";
import { RoundView } from "./round-view.js";
import { StartForm } from "./start-form.js";
import { SummaryView } from "./summary-view.js";
import { describeVerdict } from "./words.js";

/** @typedef {import("./reading.js").Reading} Reading */

/** A round is kept for its address, so that a reload finds back to it and another address does not. */
const KEPT_ADDRESS = "digitnet.practice.address";
const KEPT_ROUND = "digitnet.practice.round";
const SEEDS = 1_000_000;
const DIGITS_ALONE = /^\d+$/;

export class PracticePage {
  #main = byId("main", HTMLElement);
  #written = byId("written", HTMLInputElement);
  #startForm = new StartForm();
  #view = new RoundView();
  #summary = new SummaryView();
  #paper;
  /** @type {Round} */
  #round = new Round([]);
  /** Whether the answer comes from the keyboard, not from the paper. */
  #isTyped = false;
  /** The number that is in doubt. */
  #doubted = "";

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const { predictUrl = "" } = this.#main.dataset;
    this.#paper = new Paper({ predictUrl, connection, onChange: (reading) => this.#paperChanged(reading) });
    this.#listen();
    this.#open();
  }

  #listen() {
    const onClick = (/** @type {string} */ id, /** @type {() => void} */ act) =>
      byId(id, HTMLElement).addEventListener("click", act);
    byId("answer", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#check();
    });
    byId("said", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#mark(byId("said-number", HTMLInputElement).value, { isRead: false });
    });
    onClick("unknown", () => this.#mark("", { isRead: false }));
    onClick("yes", () => this.#mark(this.#doubted, { isRead: true }));
    onClick("rewrite", () => this.#rewrite());
    onClick("misread", () => this.#sayWhatWasWritten());
    onClick("next", () => this.#goOn());
    onClick("these-again", () => this.#practiseThese());
    onClick("more", () => location.assign(addressWith(freshSeed())));
    this.#written.addEventListener("input", () => this.#typed());
    for (const field of [this.#written, byId("said-number", HTMLInputElement)]) {
      // What is typed is no shortcut.
      field.addEventListener("keydown", (event) => event.stopPropagation());
    }
    addEventListener("keydown", (event) => this.#pressed(event));
  }

  async #open() {
    const query = new URLSearchParams(location.search);
    if (!query.has("kind")) return;
    if (!query.has("seed")) {
      query.set("seed", freshSeed());
      history.replaceState(null, "", `?${query}`);
    }
    const before = kept(KEPT_ADDRESS) === location.search ? Round.fromText(kept(KEPT_ROUND)) : null;
    if (before !== null) {
      this.#goBackTo(before);
      return;
    }
    try {
      this.#round = new Round(await askForQuestions(this.#main.dataset.questionsUrl ?? "", query));
      keep(KEPT_ADDRESS, location.search);
      this.#ask();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#startForm.show(query, error.message);
    }
  }

  /**
   * Where it was before the page was loaded again.
   *
   * @param {Round} round
   */
  #goBackTo(round) {
    this.#round = round;
    if (round.isOver) {
      this.#summary.show(round);
      return;
    }
    this.#view.showQuestion(round);
    this.#paper.restore();
    if (round.verdict !== null) this.#showVerdict();
  }

  /** Shows the question whose turn it is, or how it went after the last one. */
  #ask() {
    keep(KEPT_ROUND, this.#round.toText());
    this.#paper.renew();
    if (this.#round.isOver) {
      this.#summary.show(this.#round);
      return;
    }
    this.#isTyped = false;
    this.#paper.isOpen = true;
    this.#view.showQuestion(this.#round);
  }

  /** @param {Promise<Reading | null>} coming */
  async #paperChanged(coming) {
    if (this.#main.dataset.state === "doubtful") this.#openAgain();
    if (this.#main.dataset.state !== "asking") return;
    this.#isTyped = false;
    this.#view.tell("");
    const reading = await coming;
    if (this.#isTyped || this.#main.dataset.state !== "asking") return;
    this.#view.showWritten(reading?.text ?? "", { isSure: reading?.isSure ?? true });
  }

  #typed() {
    this.#isTyped = this.#written.value !== "";
    this.#written.classList.remove("is-unsure");
    this.#view.tell("");
  }

  async #check() {
    if (this.#main.dataset.state !== "asking") return;
    if (this.#isTyped) {
      if (DIGITS_ALONE.test(this.#written.value)) this.#mark(this.#written.value, { isRead: false });
      else this.#view.tell(say("practice.digitsOnly"));
      return;
    }
    const { question } = this.#round;
    const reading = await this.#paper.settled();
    // Meanwhile it may have been typed, or checked already.
    if (this.#isTyped || this.#main.dataset.state !== "asking" || question !== this.#round.question) return;
    if (reading === null) this.#view.tell(say("practice.nothing"), say("practice.nothingDetail"));
    else if (reading.problem !== undefined) this.#tellProblem(reading.problem);
    else if (reading.isSure) this.#mark(reading.text, { isRead: true });
    else this.#doubt(reading.text);
  }

  /** @param {string} problem */
  #tellProblem(problem) {
    this.#view.tell(say("practice.notRead"), say("practice.stays", { problem }));
  }

  /** @param {string} number */
  #doubt(number) {
    this.#doubted = number;
    this.#view.doubt(number);
  }

  #rewrite() {
    this.#openAgain();
    this.#paper.renew();
  }

  #openAgain() {
    this.#view.show("asking");
    this.#view.tell("");
  }

  #sayWhatWasWritten() {
    this.#view.askWhatWasWritten();
    byId("said-number", HTMLInputElement).focus();
  }

  /**
   * @param {string} written
   * @param {{ isRead: boolean }} how
   */
  #mark(written, how) {
    this.#round.mark(written, how);
    keep(KEPT_ROUND, this.#round.toText());
    this.#showVerdict();
  }

  #showVerdict() {
    const { verdict } = this.#round;
    if (verdict === null) return;
    this.#paper.isOpen = false;
    this.#view.showProgress(this.#round);
    this.#view.showVerdict(describeVerdict(this.#round), verdict);
  }

  #goOn() {
    this.#round.next();
    this.#ask();
  }

  #practiseThese() {
    const { still, later } = this.#round.outcome;
    this.#round = new Round([...still, ...later]);
    this.#ask();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (this.#main.dataset.state !== "asking" || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOnControl = event.target instanceof Element && event.target.closest("a, button, input, summary") !== null;
    if (event.key === "Enter" && !isOnControl) {
      event.preventDefault();
      this.#check();
    } else if (/^\d$/.test(event.key) && singleKeysWork()) {
      // The key that brings the field the focus is the first that is typed there.
      this.#written.focus({ preventScroll: true });
      this.#written.select();
    }
  }
}

function freshSeed() {
  return String(Math.floor(Math.random() * SEEDS));
}

/** @param {string} seed */
function addressWith(seed) {
  const query = new URLSearchParams(location.search);
  query.set("seed", seed);
  return `?${query}`;
}
