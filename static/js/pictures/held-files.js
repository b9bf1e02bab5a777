/** Holds a tab's list of files over a reload, in this browser alone: the files, and what is known of each. */

import { HELD_FILES, inBrowserStore } from "../session/browser-store.js";
import { keep, kept } from "../session/keep.js";
import { OWN_LIST } from "../session/subject.js";

/** @typedef {import("./file-queue.js").Entry} Entry */

/** @typedef {[list: string, place: number, own: number]} Key the last so that two tabs with one list never meet */

/**
 * A list, and whose it is: null for a visitor's.
 *
 * @typedef {{ id: string, owner: string | null, touched: number }} List
 */

/** @typedef {{ key: Key, name: string, file: File, state: any }} Held */

/** The most that a list may take, in bytes. */
const MOST_BYTES = 500_000_000;

/** What a tab that was closed has left behind is deleted after a day. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

export class HeldFiles {
  #owner;
  #stateOf;
  #onChange;
  #list = kept(OWN_LIST);
  #last = 0;
  #bytes = 0;
  /** @type {WeakMap<Entry, Key>} */
  #keys = new WeakMap();
  /** @type {Set<Entry>} */
  #toWrite = new Set();
  #isWriting = false;
  /** @type {Set<Entry>} */
  #missing = new Set();
  /** @type {WeakSet<Entry>} What is not in the list any more, though it may just be being written. */
  #released = new WeakSet();

  /**
   * `owner` is the person's name; `stateOf(entry)` what is to be remembered beside the file, a plain object;
   * `onChange()` follows each change of what is missing.
   *
   * @param {object} options
   * @param {string | null} options.owner
   * @param {(entry: Entry) => object} options.stateOf
   * @param {() => void} options.onChange
   */
  constructor({ owner, stateOf, onChange }) {
    this.#owner = owner;
    this.#stateOf = stateOf;
    this.#onChange = onChange;
  }

  /** How many files the browser has no room for, or will not store. */
  get missing() {
    return this.#missing.size;
  }

  /** Whether all is written. */
  get isComplete() {
    return this.#missing.size === 0 && this.#toWrite.size === 0 && !this.#isWriting;
  }

  /**
   * What was held of this tab's list, in its order; what nobody can come back to is deleted.
   *
   * @returns {Promise<Held[]>}
   */
  async open() {
    try {
      const lists = await sweep((list) => this.#mayReturn(list));
      const own = lists.find(({ id, owner }) => id === this.#list && (owner === null || owner === this.#owner));
      if (own === undefined) this.#list = "";
      return own === undefined ? [] : await this.#load();
    } catch {
      return [];
    }
  }

  /**
   * These entries were made of what was held.
   *
   * @param {Entry[]} entries
   * @param {Held[]} held
   */
  adopt(entries, held) {
    for (const [i, entry] of entries.entries()) this.#keys.set(entry, held[i].key);
  }

  /**
   * Holds an entry as it is now.
   *
   * @param {Entry} entry
   */
  hold(entry) {
    this.#toWrite.add(entry);
    this.#write();
  }

  /**
   * Lets go of entries that are not in the list any more.
   *
   * @param {Entry[]} entries
   */
  async release(entries) {
    const keys = entries.map((entry) => this.#keys.get(entry)).filter((key) => key !== undefined);
    for (const entry of entries) {
      this.#released.add(entry);
      this.#toWrite.delete(entry);
      this.#missing.delete(entry);
      if (this.#keys.delete(entry)) this.#bytes -= entry.file.size;
    }
    this.#onChange();
    if (this.#bytes === 0) keep(OWN_LIST, "");
    await inBrowserStore(HELD_FILES, (storeOf) => {
      for (const key of keys) for (const name of ["files", "states"]) storeOf(name).delete(key);
    }).catch(() => undefined);
  }

  /** @param {List} list another person's is nobody's here, but one whose owner is logged out meanwhile waits */
  #mayReturn({ owner }) {
    return owner === null || this.#owner === null || owner === this.#owner;
  }

  /** @returns {Promise<Held[]>} */
  async #load() {
    await inBrowserStore(HELD_FILES, (storeOf) => storeOf("lists").put(this.#record()));
    const range = IDBKeyRange.bound([this.#list], [this.#list, []]);
    const files = await inBrowserStore(HELD_FILES, (storeOf) => storeOf("files").getAll(range));
    const states = await inBrowserStore(HELD_FILES, (storeOf) => storeOf("states").getAll(range));
    const stateOf = new Map(states.map((/** @type {any} */ { key, state }) => [String(key), state]));
    this.#bytes = files.reduce((/** @type {number} */ sum, /** @type {Held} */ { file }) => sum + file.size, 0);
    this.#last = files.at(-1)?.key[1] ?? 0;
    return files.map((/** @type {any} */ held) => ({ ...held, state: stateOf.get(String(held.key)) ?? {} }));
  }

  async #write() {
    if (this.#isWriting) return;
    this.#isWriting = true;
    // What is added meanwhile comes last in the set, and so is written too.
    for (const entry of this.#toWrite) {
      this.#toWrite.delete(entry);
      await this.#store(entry);
    }
    this.#isWriting = false;
    this.#onChange();
  }

  /** @param {Entry} entry */
  async #store(entry) {
    if (this.#missing.has(entry) || this.#released.has(entry)) return;
    try {
      const key = this.#keys.get(entry) ?? (await this.#storeFile(entry));
      const state = this.#stateOf(entry);
      await inBrowserStore(HELD_FILES, (storeOf) => storeOf("states").put({ key, state }));
      if (this.#released.has(entry)) await this.release([entry]);
    } catch {
      this.#missing.add(entry);
    }
  }

  /** @param {Entry} entry */
  async #storeFile(entry) {
    const { name, file } = entry;
    if (this.#bytes + file.size > MOST_BYTES) throw new RangeError("too much");
    if (this.#list === "") this.#list = `${Date.now()}.${Math.random()}`;
    this.#last += 1;
    /** @type {Key} */
    const key = [this.#list, this.#last, Math.random()];
    await inBrowserStore(HELD_FILES, (storeOf) => {
      storeOf("lists").put(this.#record());
      storeOf("files").put({ key, name, file });
    });
    keep(OWN_LIST, this.#list);
    this.#bytes += file.size;
    this.#keys.set(entry, key);
    return key;
  }

  /** @returns {List} */
  #record() {
    return { id: this.#list, owner: this.#owner, touched: Date.now() };
  }
}

/**
 * Deletes lists that are old or may not return, and what is of no list. In one transaction, so that no other tab's
 * new list comes in between.
 *
 * @param {(list: List) => boolean} mayReturn
 * @returns {Promise<List[]>} those that stay
 */
async function sweep(mayReturn) {
  const oldest = Date.now() - LONGEST_MS;
  /** @type {List[]} */
  let lasting = [];
  await inBrowserStore(HELD_FILES, (storeOf) => {
    const asked = storeOf("lists").getAll();
    asked.addEventListener("success", () => {
      lasting = asked.result.filter((/** @type {List} */ list) => list.touched > oldest && mayReturn(list));
      const ids = new Set(lasting.map(({ id }) => id));
      for (const name of Object.keys(HELD_FILES.stores)) deleteOthers(storeOf(name), ids);
    });
  });
  return lasting;
}

/**
 * @param {IDBObjectStore} store
 * @param {Set<IDBValidKey>} ids
 */
function deleteOthers(store, ids) {
  const asked = store.getAllKeys();
  asked.addEventListener("success", () => {
    for (const key of asked.result) if (!ids.has(Array.isArray(key) ? key[0] : key)) store.delete(key);
  });
}
