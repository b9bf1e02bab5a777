/** Printing: what is drawn only when it is seen is drawn first, since paper is never scrolled. */

import { pause } from "../api/pause.js";
import { say } from "../text/catalogue.js";
import { el } from "./element.js";

/** Longer nobody waits for paper; what is missing then, the paper says. */
const PATIENCE_MS = 15_000;
/** What is drawn sooner needs no words. */
const UNNOTICED_MS = 300;

/** @type {((isPrinting: boolean) => void)[]} */
const changes = [];
/** @type {(() => void)[]} */
const preparations = [];
/** @type {Set<Promise<unknown>>} */
const underway = new Set();
let isPrinting = false;
let isPreparing = false;
let hasBegun = false;

/**
 * Calls `act(true)` before something is printed, and `act(false)` after it.
 *
 * @param {(isPrinting: boolean) => void} act
 */
export function whilePrinting(act) {
  changes.push(act);
}

/**
 * Has `act()` begin before printing what has been left for later.
 *
 * @param {() => void} act
 */
export function beforePrinting(act) {
  preparations.push(act);
}

/**
 * Has printing wait for what will be seen on paper.
 *
 * @param {Promise<unknown>} work
 */
export function printAfter(work) {
  underway.add(work);
  work.finally(() => underway.delete(work));
}

/** Prints the page once everything on it is drawn. */
export async function printPage() {
  if (isPreparing) return;
  isPreparing = true;
  setPrinting(true);
  const words = el("p", { class: "print-waiting", role: "status" });
  document.body.append(words);
  const isDrawn = drawAll();
  await Promise.race([isDrawn, pause(UNNOTICED_MS)]);
  words.textContent = say("print.preparing");
  await Promise.race([isDrawn, pause(PATIENCE_MS)]);
  words.remove();
  isPreparing = false;
  hasBegun = false;
  print();
  // A browser that refuses to print tells nothing of an end.
  if (!hasBegun) setPrinting(false);
}

/** Work may leave more to do: a picture that is read has its layers to show. */
async function drawAll() {
  for (begin(); underway.size > 0; begin()) await Promise.allSettled([...underway]);
}

function begin() {
  for (const act of preparations) act();
}

/** @param {boolean} now */
function setPrinting(now) {
  if (now === isPrinting) return;
  isPrinting = now;
  for (const act of changes) act(now);
}

/** The browser's own command waits for nothing: what it finds unfinished, the paper says. */
function printAtOnce() {
  hasBegun = true;
  setPrinting(true);
  const isDrawn = drawAll();
  if (underway.size === 0) return;
  const warning = el("p", { class: "print-warning" }, say("print.unfinished"));
  document.querySelector("main")?.prepend(warning);
  addEventListener("afterprint", () => warning.remove(), { once: true });
  isDrawn.then(() => warning.remove());
}

/** @param {KeyboardEvent} event */
function printByKey(event) {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!isCommand || event.key.toLowerCase() !== "p" || preparations.length === 0) return;
  event.preventDefault();
  printPage();
}

globalThis.addEventListener?.("keydown", printByKey);
globalThis.addEventListener?.("beforeprint", printAtOnce);
globalThis.addEventListener?.("afterprint", () => setPrinting(false));
