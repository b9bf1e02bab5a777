/** Hands files from one page over to the page Draw: for the way there only, and in this browser alone. */

/** @typedef {import("./dropped.js").Brought} Brought */

const DATABASE = "digitnet.handover";
const STORE = "brought";
const KEY = "newest";

/**
 * Puts what was brought where the next page finds it. Rejects where the browser keeps nothing.
 *
 * @param {Brought} brought
 */
export async function handOver(brought) {
  await inStore((store) => store.put(brought, KEY));
}

/**
 * What was handed over to this page, which it takes away; null where there is nothing.
 *
 * @returns {Promise<Brought | null>}
 */
export async function takeOver() {
  try {
    const brought = await inStore((store) => store.get(KEY));
    await inStore((store) => store.clear());
    return brought ?? null;
  } catch {
    return null;
  }
}

/**
 * @param {(store: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<any>} its result, once it is done
 */
async function inStore(act) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(STORE));
  const database = await resultOf(opening);
  try {
    const transaction = database.transaction(STORE, "readwrite");
    const request = act(transaction.objectStore(STORE));
    await new Promise((resolve, reject) => {
      transaction.addEventListener("complete", resolve);
      transaction.addEventListener("abort", () => reject(transaction.error));
    });
    return request.result;
  } finally {
    database.close();
  }
}

/**
 * @param {IDBOpenDBRequest} request
 * @returns {Promise<IDBDatabase>}
 */
function resultOf(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
