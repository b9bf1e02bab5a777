/**
 * Something that changes, and tells those who want to know. It has no value until it is set.
 *
 * @template T
 */
export class Value {
  /** @type {T | null} */
  #now = null;
  /** @type {((value: T) => void)[]} */
  #listeners = [];

  get now() {
    return this.#now;
  }

  /** @param {T} value */
  set(value) {
    this.#now = value;
    for (const listener of this.#listeners) listener(value);
  }

  /**
   * Calls `listener(value)` at each change; and at once, where there is a value already.
   *
   * @param {(value: T) => void} listener
   */
  follow(listener) {
    this.#listeners.push(listener);
    if (this.#now !== null) listener(this.#now);
  }
}
