/** Something that changes, and tells those who want to know. */
export class Value {
  #now;
  #listeners = [];

  constructor(start = null) {
    this.#now = start;
  }

  get now() {
    return this.#now;
  }

  set(value) {
    this.#now = value;
    for (const listener of this.#listeners) listener(value);
  }

  /** Calls `listener(value)` at each change; and at once, where there is a value already. */
  follow(listener) {
    this.#listeners.push(listener);
    if (this.#now !== null) listener(this.#now);
  }
}
