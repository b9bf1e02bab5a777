/** The answers to many files, as text and as a table for other programs. */

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
 * A line for each file that was read: its name and its answer, with a tab between.
 *
 * @param {Entry[]} entries
 */
export function toText(entries) {
  return read(entries)
    .map((entry) => `${entry.name}\t${textOf(entry).replaceAll("\n", " ")}\n`)
    .join("");
}

/**
 * A table of comma-separated values (RFC 4180): file, text, confidence.
 *
 * @param {Entry[]} entries
 */
export function toCsv(entries) {
  const rows = read(entries).map((entry) => [entry.name, textOf(entry), confidenceOf(entry)?.toFixed(4) ?? ""]);
  const lines = [["file", "text", "confidence"], ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`);
  return BYTE_ORDER_MARK + lines.join("");
}

/** @param {Entry[]} entries */
function read(entries) {
  return entries.filter(({ state }) => state === "read");
}

/** @param {string} field */
function quoted(field) {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
