/** What is said of many files as a whole. */

import { problemOf } from "../../pictures/answers.js";
import { MOST_FILES } from "../../pictures/dropped.js";
import { say } from "../../text/catalogue.js";
import { labelInWords } from "../../text/digits.js";

/** @typedef {import("../../pictures/file-queue.js").Entry} Entry */
/** @typedef {import("./files-keeping.js").Kept} Kept */

/**
 * What of that which was brought is not in the list; "" where that is nothing.
 *
 * @param {{ hidden: number, unreadable: number, beyond: number }} counts
 */
export function wordsOfLeftOut({ hidden, unreadable, beyond }) {
  const parts = [];
  if (hidden > 0) parts.push(say("files.hidden", { count: hidden }));
  if (unreadable > 0) parts.push(say("files.unreadable", { count: unreadable }));
  if (beyond > 0) parts.push(say("files.beyond", { count: beyond, most: MOST_FILES }));
  return parts.length === 0 ? "" : say("files.leftOut", { what: parts.join(", ") });
}

/**
 * What was copied: how many answers, and for how many files there is none.
 *
 * @param {Entry[]} entries
 */
export function wordsOfCopied(entries) {
  const missing = entries.filter((entry) => problemOf(entry) !== "").length;
  return say(missing > 0 ? "files.copiedWithMissing" : "files.copied", { count: entries.length - missing, missing });
}

/**
 * Which one of the list is shown by itself, and what was said and kept of it there.
 *
 * @param {Entry} entry
 * @param {Kept | null} kept
 */
export function wordsOfOpened({ name, label }, kept) {
  const said = label === null ? "" : say("files.saidThere", { label: labelInWords(label) });
  const keptAs = kept?.id && kept.label ? say("keeping.keptAs", { label: labelInWords(kept.label) }) : "";
  return [say("files.opened", { name }), said, keptAs].filter(Boolean).join(" ");
}
