/** Questions, and how they went, in words. */

import { say } from "../../text/catalogue.js";

/** @typedef {import("../../api/questions.js").Question} Question */
/** @typedef {import("./round.js").Round} Round */

/** There are so many ways to say that an answer is right: "practice.right.0" and on. */
const PRAISES = /** @type {const} */ (["practice.right.0", "practice.right.1", "practice.right.2"]);

/**
 * The question with what stands where the answer goes.
 *
 * @param {Question} question
 * @param {string} filling
 */
function filled({ before, after }, filling) {
  const gap = /^[,.;:?!]/.test(after) ? filling + after : `${filling} ${after}`;
  return `${before} ${gap}`.trim();
}

/**
 * The question for those who hear it.
 *
 * @param {Question} question
 */
export function spokenQuestion(question) {
  return question.figures > 0 ? say("practice.howMany") : filled(question, say("practice.gap"));
}

/**
 * The question and its answer, as a sentence or an equation.
 *
 * @param {Question} question
 */
export function solutionOf(question) {
  return question.figures > 0 ? say("practice.there", { count: question.figures }) : filled(question, question.answer);
}

/**
 * How far the round is: what was just marked counts, unless it comes back.
 *
 * @param {Round} round
 */
export function progressOf(round) {
  const { count, verdict, comesBack } = round;
  const isDone = verdict !== null && (verdict.isRight || !comesBack);
  const done = round.done + (isDone ? 1 : 0);
  return say(round.isAgain ? "practice.again" : "practice.progress", { done, count });
}

/**
 * What is said of a question that is marked: `told` large, and `detail` below.
 *
 * @param {Round} round
 */
export function describeVerdict(round) {
  return round.verdict?.isRight ? describeRight(round) : describeWrong(round);
}

/** @param {Round} round */
function describeRight({ question, streak, done }) {
  const row = streak > 1 ? [say("practice.inARow", { count: streak })] : [];
  return { told: say(PRAISES[done % PRAISES.length]), detail: [sentenceOf(question), ...row].join(" ") };
}

/** @param {Round} round */
function describeWrong({ question, verdict, comesBack }) {
  const { written = "", isRead = false } = verdict ?? {};
  const read = isRead ? [say("practice.read", { number: written })] : [];
  const back = comesBack ? [say("practice.comesBack")] : [];
  const told = say(written === "" ? "practice.unknown" : "practice.wrong");
  return { told, detail: [...read, sentenceOf(question), ...back].join(" ") };
}

/** @param {Question} question */
function sentenceOf(question) {
  return question.figures > 0 ? solutionOf(question) : say("practice.solution", { solution: solutionOf(question) });
}
