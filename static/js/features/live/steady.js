/** Answers to frames, steadied: one frame in which a digit is blurred changes nothing that is seen. */

/** Answers older than this have no vote, nor have more than so many. */
const WINDOW_MS = 800;
const MOST_VOTES = 5;
/** The share of them that something else needs: with half, two answers that take turns would do so on the screen. */
const CLEAR = 0.7;
/** How far a box moves towards where it was found last. */
const PULL = 0.6;

/** @typedef {[number, number, number, number]} Box left, top, width, height */
/** @typedef {{ label: string, confidence: number, box: Box }} Mark */

/**
 * What was read in one frame. `key` is what has to agree for two frames to say the same.
 *
 * @typedef {{ key: string, marks: Mark[] }} Observed
 */

/**
 * `shown` is the newest answer that says what is shown, with steadied `marks`; `agrees` says whether it is the one
 * that was just added.
 *
 * @template {Observed} T
 * @typedef {{ shown: T, marks: Mark[], agrees: boolean }} Steadied
 */

/** @template {Observed} T */
export class Steady {
  /** @type {{ observed: T, time: number }[]} */
  #votes = [];
  /** @type {T | null} */
  #shown = null;
  /** @type {Mark[]} */
  #marks = [];

  /** What comes next has nothing to do with what was. */
  clear() {
    this.#votes = [];
    this.#shown = null;
    this.#marks = [];
  }

  /**
   * Adds an answer. What is shown changes when clearly most of the last answers say the same other thing.
   *
   * @param {T} observed
   * @param {number} time in milliseconds
   * @returns {Steadied<T>}
   */
  add(observed, time) {
    this.#votes = [...this.#votes, { observed, time }]
      .filter((vote) => time - vote.time < WINDOW_MS)
      .slice(-MOST_VOTES);
    const isKnown = this.#shown !== null && this.#shown.key === observed.key;
    const agrees = isKnown || this.#shown === null || this.#countOf(observed.key) >= CLEAR * this.#votes.length;
    if (agrees) {
      this.#marks = steadyMarks(isKnown ? this.#marks : [], observed.marks);
      this.#shown = observed;
    }
    return { shown: this.#shown ?? observed, marks: this.#marks, agrees };
  }

  /** @param {string} key */
  #countOf(key) {
    return this.#votes.filter(({ observed }) => observed.key === key).length;
  }
}

/**
 * @param {Mark[]} before of the same digits
 * @param {Mark[]} now
 * @returns {Mark[]}
 */
function steadyMarks(before, now) {
  if (before.length !== now.length) return now;
  return now.map((mark, i) => ({
    label: mark.label,
    confidence: before[i].confidence + PULL * (mark.confidence - before[i].confidence),
    box: steadyBox(before[i].box, mark.box),
  }));
}

/**
 * A box on its way from where it was to where it was found; at once there, if it is somewhere else altogether.
 *
 * @param {Box} before
 * @param {Box} now
 * @returns {Box}
 */
export function steadyBox(before, now) {
  const isApart =
    before[0] > now[0] + now[2] || now[0] > before[0] + before[2] ||
    before[1] > now[1] + now[3] || now[1] > before[1] + before[3];
  if (isApart) return now;
  const along = (/** @type {number} */ i) => before[i] + PULL * (now[i] - before[i]);
  return [along(0), along(1), along(2), along(3)];
}

/** How many answers came in the last second. */
export class Rate {
  /** @type {number[]} */
  #times = [];

  clear() {
    this.#times = [];
  }

  /**
   * Notes an answer; returns how many there are a second.
   *
   * @param {number} time in milliseconds
   */
  add(time) {
    this.#times = [...this.#times.filter((earlier) => time - earlier < 2000), time];
    const span = time - this.#times[0];
    return span === 0 ? 0 : ((this.#times.length - 1) * 1000) / span;
  }
}
