/** Of several questions only the newest is answered. */

export class Newest {
  /** @type {AbortController | null} */
  #newest = null;

  /** Drops the question under way, if there is one. */
  abort() {
    this.#newest?.abort();
    this.#newest = null;
  }

  /**
   * What `ask(signal)` resolves to; null where a newer question, or `abort`, has overtaken this one.
   *
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} ask
   * @returns {Promise<T | null>}
   */
  async ask(ask) {
    this.abort();
    const mine = new AbortController();
    this.#newest = mine;
    try {
      const answer = await ask(mine.signal);
      return mine.signal.aborted ? null : answer;
    } catch (error) {
      if (mine.signal.aborted) return null;
      throw error;
    }
  }
}
