/** The answers to many files, as text and as a table for other programs. */

import { say } from "../text/catalogue.js";
import { wordsOfRest } from "../widgets/answer-words.js";

/** @typedef {import("./file-queue.js").Entry} Entry */

/** With this mark spreadsheet programs know that the letters are UTF-8. */
const BYTE_ORDER_MARK = "\ufeff";

/** What spreadsheet programs would take for a formula; as in the server's tables, an apostrophe goes before it. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * What a file shows: what the person said, else what was read; "" where that is nothing.
 *
 * @param {Entry} entry
 */
export function textOf({ label, answer }) {
  return label ?? answer?.text ?? "";
}

/**
 * How probable that is for the network, from 0 to 1; null where it cannot be said.
 *
 * @param {Entry} entry
 */
export function confidenceOf({ label, answer }) {
  const digits = answer?.digits ?? [];
  if (digits.length === 0) return null;
  if (label !== null) return digits.length === 1 ? (digits[0].probabilities[Number(label)] ?? null) : null;
  return Math.min(...digits.map(({ confidence }) => confidence));
}

/**
 * Why nothing stands there; "" where something does.
 *
 * @param {Entry} entry
 */
export function problemOf(entry) {
  if (textOf(entry) !== "") return "";
  if (entry.state === "failed") return entry.problem;
  return entry.state === "read" ? (entry.answer?.refusal?.message ?? "") : say("files.unread");
}

/**
 * What was seen beside the answer and not read; "" where that is nothing, or where a person said what it shows.
 *
 * @param {Entry} entry
 */
export function leftOutOf({ label, answer }) {
  return label !== null || answer === null ? "" : wordsOfRest(answer);
}

/**
 * A line for each file: its name and its answer, with a tab between; after another tab, why there is none, or what was
 * left out.
 *
 * @param {Entry[]} entries
 */
export function toText(entries) {
  return entries.map((entry) => `${fieldsOfLine(entry).join("\t").replaceAll("\n", " ")}\n`).join("");
}

/** @param {Entry} entry */
function fieldsOfLine(entry) {
  const problem = problemOf(entry);
  if (problem !== "") return [entry.name, "", problem];
  return [entry.name, textOf(entry), leftOutOf(entry)].filter(Boolean);
}

/**
 * A table of comma-separated values (RFC 4180): file, text, confidence, why there is no text, and what was left out.
 *
 * @param {Entry[]} entries
 */
export function toCsv(entries) {
  const rows = entries.map((entry) => [
    entry.name, textOf(entry), confidenceOf(entry)?.toFixed(4) ?? "", problemOf(entry), leftOutOf(entry),
  ]);
  const head = ["file", "text", "confidence", "problem", "left_out"];
  const lines = [head, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`);
  return BYTE_ORDER_MARK + lines.join("");
}

/** @param {string} field */
function quoted(field) {
  if (FORMULA.test(field)) return quoted(`'${field}`);
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
