/** The answers to many files, as text and as a table for other programs. */

import { say } from "../text/catalogue.js";

/** @typedef {import("./file-queue.js").Entry} Entry */

/** With this mark spreadsheet programs know that the letters are UTF-8. */
const BYTE_ORDER_MARK = "\ufeff";

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
 * A line for each file: its name and its answer, with a tab between; where there is none, after another tab, why.
 *
 * @param {Entry[]} entries
 */
export function toText(entries) {
  return entries.map((entry) => `${fieldsOfLine(entry).join("\t").replaceAll("\n", " ")}\n`).join("");
}

/** @param {Entry} entry */
function fieldsOfLine(entry) {
  const problem = problemOf(entry);
  return problem === "" ? [entry.name, textOf(entry)] : [entry.name, "", problem];
}

/**
 * A table of comma-separated values (RFC 4180): file, text, confidence, and why there is no text.
 *
 * @param {Entry[]} entries
 */
export function toCsv(entries) {
  const rows = entries.map((entry) => [
    entry.name, textOf(entry), confidenceOf(entry)?.toFixed(4) ?? "", problemOf(entry),
  ]);
  const lines = [["file", "text", "confidence", "problem"], ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`);
  return BYTE_ORDER_MARK + lines.join("");
}

/** @param {string} field */
function quoted(field) {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
