/** A round of questions: which comes next, which comes back, and how it went. Nothing here knows the page. */

/** @typedef {import("../../api/questions.js").Question} Question */
/**
 * What was written, "" for "I don't know"; and whether it was read on the paper, rather than said.
 *
 * @typedef {{ written: string, isRight: boolean, isRead: boolean }} Verdict
 */

/**
 * What of a round changes: the places of the questions to come, how often each was wrong, and rights in a row.
 *
 * @typedef {object} State
 * @property {number[]} queue
 * @property {number[]} misses
 * @property {number} streak
 * @property {number} best
 * @property {Verdict | null} verdict on the question that is shown
 */

/** How often a question is asked in all. */
const TRIES = 3;
/** So many others are asked before a question comes back. */
const LATER = 2;

export class Round {
  #questions;
  /** @type {State} */
  #state;

  /**
   * @param {Question[]} questions
   * @param {State} [state]
   */
  constructor(questions, state) {
    this.#questions = questions;
    this.#state = state ?? {
      queue: questions.map((_, place) => place),
      misses: questions.map(() => 0),
      streak: 0,
      best: 0,
      verdict: null,
    };
  }

  /**
   * The round that a text holds; null where the text is not one of ours.
   *
   * @param {string} text
   */
  static fromText(text) {
    try {
      const { questions, state } = JSON.parse(text);
      return isRound(questions, state) ? new Round(questions, state) : null;
    } catch {
      return null;
    }
  }

  toText() {
    return JSON.stringify({ questions: this.#questions, state: this.#state });
  }

  get isOver() {
    return this.#state.queue.length === 0;
  }

  /** The question that is shown. */
  get question() {
    return this.#questions[this.#state.queue[0]];
  }

  /** Whether it went wrong before. */
  get isAgain() {
    return this.#state.misses[this.#state.queue[0]] > 0;
  }

  /** Whether it comes back, if it is wrong now. */
  get comesBack() {
    return this.#state.misses[this.#state.queue[0]] + 1 < TRIES;
  }

  get count() {
    return this.#questions.length;
  }

  /** How many questions are done with. */
  get done() {
    return this.count - this.#state.queue.length;
  }

  get verdict() {
    return this.#state.verdict;
  }

  /** How many were right in a row, the one that is shown included. */
  get streak() {
    const { streak, verdict } = this.#state;
    if (verdict === null) return streak;
    return verdict.isRight ? streak + 1 : 0;
  }

  /** Most in a row. */
  get best() {
    return Math.max(this.#state.best, this.streak);
  }

  /**
   * Marks what was written for the question that is shown; once more, where something else was written.
   *
   * @param {string} written digits, or "" for none
   * @param {{ isRead: boolean }} how whether it was read on the paper
   */
  mark(written, { isRead }) {
    const isRight = written !== "" && withoutZeros(written) === withoutZeros(this.question.answer);
    this.#state.verdict = { written, isRight, isRead };
  }

  /** Goes on to the next question. */
  next() {
    const { queue, misses, verdict } = this.#state;
    if (verdict === null) return;
    const { best, streak, comesBack } = this;
    const [place, ...rest] = queue;
    if (!verdict.isRight) {
      misses[place] += 1;
      if (comesBack) rest.splice(LATER, 0, place);
    }
    this.#state = { queue: rest, misses, streak, best, verdict: null };
  }

  /** How the questions went that are done with. */
  get outcome() {
    const { queue, misses } = this.#state;
    const isDone = (/** @type {number} */ place) => !queue.includes(place);
    const those = (/** @type {(missed: number) => boolean} */ fits) =>
      this.#questions.filter((_, place) => isDone(place) && fits(misses[place]));
    return {
      atOnce: those((missed) => missed === 0),
      later: those((missed) => missed > 0 && missed < TRIES),
      still: those((missed) => missed >= TRIES),
    };
  }
}

/** @param {string} digits */
function withoutZeros(digits) {
  return digits.replace(/^0+(?=\d)/, "");
}

/**
 * @param {any} questions
 * @param {any} state
 */
function isRound(questions, { queue, misses, streak, best, verdict }) {
  const count = questions.length;
  return (
    questions.every(isQuestion) &&
    queue.every((/** @type {unknown} */ place) => Number.isInteger(place) && Number(place) < count) &&
    misses.length === count &&
    misses.every(Number.isInteger) &&
    Number.isInteger(streak) &&
    Number.isInteger(best) &&
    (verdict === null || isVerdict(verdict))
  );
}

/** @param {any} verdict */
function isVerdict({ written, isRight, isRead }) {
  return typeof written === "string" && typeof isRight === "boolean" && typeof isRead === "boolean";
}

/** @param {any} question */
function isQuestion({ before, after, answer, figures }) {
  return [before, after, answer].every((text) => typeof text === "string") && Number.isInteger(figures);
}
