/** What is too large for the tab's own storage, in this browser's databases (IndexedDB). */

/**
 * A database, and the options of its stores.
 *
 * @typedef {{ name: string, stores: Record<string, IDBObjectStoreParameters> }} Shape
 */

/** @type {Shape} Files on their way from one page to another. */
export const HANDOVER = { name: "digitnet.handover", stores: { brought: {} } };

/** @type {Shape} The lists of files of all tabs. */
export const HELD_FILES = {
  name: "digitnet.files",
  stores: { lists: { keyPath: "id" }, files: { keyPath: "key" }, states: { keyPath: "key" } },
};

/**
 * Does `act` in a transaction on all stores, and resolves to the result of the request that it returns, once all
 * is written. Rejects where the browser keeps nothing, or has no room.
 *
 * @param {Shape} shape
 * @param {(storeOf: (name: string) => IDBObjectStore) => IDBRequest | void} act
 * @returns {Promise<any>}
 */
export async function inBrowserStore(shape, act) {
  const database = await opened(shape);
  try {
    const transaction = database.transaction(Object.keys(shape.stores), "readwrite");
    const request = act((name) => transaction.objectStore(name));
    await new Promise((resolve, reject) => {
      transaction.addEventListener("complete", resolve);
      transaction.addEventListener("abort", () => reject(transaction.error));
    });
    return request?.result;
  } finally {
    database.close();
  }
}

/** Deletes them all. */
export function forgetBrowserStores() {
  try {
    for (const { name } of [HANDOVER, HELD_FILES]) indexedDB.deleteDatabase(name);
  } catch {
    // Storage is switched off: there is nothing to delete.
  }
}

/**
 * @param {Shape} shape
 * @returns {Promise<IDBDatabase>}
 */
function opened({ name, stores }) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.addEventListener("upgradeneeded", () => {
      for (const [store, options] of Object.entries(stores)) opening.result.createObjectStore(store, options);
    });
    opening.addEventListener("success", () => resolve(opening.result));
    opening.addEventListener("error", () => reject(opening.error));
  });
}
