/** Whether the server can be reached: "connecting", "up" or "down". */

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15_000;
const ROUTINE_MS = 20_000;

/** @typedef {"connecting" | "up" | "down"} State */
/** @typedef {{ setTimeout: (act: () => void, ms: number) => any, clearTimeout: (timer: any) => void }} Timers */

/**
 * The wait before the next try after so many failures: it doubles, up to a limit.
 *
 * @param {number} failures
 */
export function retryDelay(failures) {
  return Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
}

export class Connection {
  #check;
  #timers;
  /** @type {((state: State, before: State) => void)[]} */
  #listeners = [];
  /** @type {State} */
  #state = "connecting";
  #failures = 0;
  /** @type {any} */
  #timer = null;
  #isChecking = false;

  /**
   * `check()` resolves to whether the server answered; `timers` stands in for the browser's clock in tests.
   *
   * @param {() => Promise<boolean>} check
   * @param {Timers} timers
   */
  constructor(check, timers = globalThis) {
    this.#check = check;
    this.#timers = timers;
  }

  get state() {
    return this.#state;
  }

  /**
   * Calls `listener(state, before)` at each change of the state.
   *
   * @param {(state: State, before: State) => void} listener
   */
  subscribe(listener) {
    this.#listeners.push(listener);
  }

  /** Asks the server now, and goes on asking: rarely while it answers, with growing pauses while it does not. */
  async checkNow() {
    if (this.#isChecking) return;
    this.#isChecking = true;
    const answered = await this.#check();
    this.#isChecking = false;
    if (answered) this.#checked();
    else this.reportSilence();
  }

  /** The check was answered: what failed may be tried again, but with longer pauses if it goes on failing. */
  #checked() {
    if (this.#state === "up") this.#failures = 0;
    this.#wait(ROUTINE_MS);
    this.#become("up");
  }

  /** Somebody else's request was answered. */
  reportAnswer() {
    this.#failures = 0;
    this.#wait(ROUTINE_MS);
    this.#become("up");
  }

  /** Somebody else's request found no server, or the check did. */
  reportSilence() {
    this.#failures += 1;
    this.#wait(retryDelay(this.#failures));
    this.#become("down");
  }

  /** @param {number} delay */
  #wait(delay) {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = this.#timers.setTimeout(() => this.checkNow(), delay);
  }

  /** @param {State} state */
  #become(state) {
    const before = this.#state;
    if (state === before) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state, before);
  }
}
