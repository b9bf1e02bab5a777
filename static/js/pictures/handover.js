/** Hands files from one page over to the page Draw: for the way there only, and in this browser alone. */

import { HANDOVER, inBrowserStore } from "../session/browser-store.js";

/** @typedef {import("./dropped.js").Brought} Brought */

const KEY = "newest";

/**
 * Puts what was brought where the next page finds it. Rejects where the browser keeps nothing.
 *
 * @param {Brought} brought
 */
export async function handOver(brought) {
  await inBrowserStore(HANDOVER, (storeOf) => storeOf("brought").put(brought, KEY));
}

/**
 * What was handed over to this page, which it takes away; null where there is nothing.
 *
 * @returns {Promise<Brought | null>}
 */
export async function takeOver() {
  try {
    const brought = await inBrowserStore(HANDOVER, (storeOf) => storeOf("brought").get(KEY));
    await inBrowserStore(HANDOVER, (storeOf) => storeOf("brought").clear());
    return brought ?? null;
  } catch {
    return null;
  }
}
