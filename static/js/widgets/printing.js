/** Printing: what is drawn when it is seen is drawn first, since paper is never scrolled. */

/** @type {(() => unknown)[]} */
const preparations = [];

/**
 * Calls `act(true)` before something is printed, and `act(false)` after it.
 *
 * @param {(isPrinting: boolean) => void} act
 */
export function whilePrinting(act) {
  globalThis.addEventListener?.("beforeprint", () => act(true));
  globalThis.addEventListener?.("afterprint", () => act(false));
}

/**
 * Has `act()` done before printing. What it returns is waited for by `printPage`; the browser's own command
 * waits for nothing, and prints what is there.
 *
 * @param {() => unknown} act
 */
export function beforePrinting(act) {
  preparations.push(act);
  globalThis.addEventListener?.("beforeprint", () => act());
}

/** Prints the page once everything on it is drawn. */
export async function printPage() {
  await Promise.all(preparations.map((act) => act()));
  print();
}
