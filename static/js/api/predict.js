/** Asks the server to read a picture. Only the newest question is answered. */

const PATIENCE_MS = 15_000;
const BUSY_TRIES = 4;
const BUSY_WAIT_MS = 600;
const LONGEST_BUSY_WAIT_MS = 5000;

/** What a proxy answers while the program behind it is not there. */
const AWAY_STATUSES = new Set([502, 503, 504]);

/** `kind`: "away" (no server), "busy" (too many questions), "refused" (not this picture) or "broken" (it failed). */
export class PredictError extends Error {
  constructor(kind, message) {
    super(message);
    this.name = "PredictError";
    this.kind = kind;
  }
}

export class Predictor {
  #url;
  #fetch;
  #pause;
  #newest = null;

  /** `fetch` and `pause(ms)` stand in for the network and the clock in tests. */
  constructor(url, { fetch = (...args) => globalThis.fetch(...args), pause = sleep } = {}) {
    this.#url = url;
    this.#fetch = fetch;
    this.#pause = pause;
  }

  /** Drops the question under way, if there is one. */
  abort() {
    this.#newest?.abort();
    this.#newest = null;
  }

  /** The server's answer, or null where a newer question (or `abort`) has overtaken this one. Throws a PredictError. */
  async read(picture) {
    this.abort();
    const question = new AbortController();
    this.#newest = question;
    const isOvertaken = () => this.#newest !== question;
    try {
      const response = await this.#sendPatiently(picture, question, isOvertaken);
      const answer = response && (await answerOf(response));
      return isOvertaken() ? null : answer;
    } catch (error) {
      if (isOvertaken()) return null;
      throw error;
    }
  }

  /** Many pupils may share one address and so one limit: "too many at once" is worth another try. */
  async #sendPatiently(picture, question, isOvertaken) {
    for (let tries = 1; ; tries += 1) {
      const response = await this.#send(picture, question);
      if (response.status !== 429 || tries === BUSY_TRIES) return response;
      await this.#pause(busyWait(response));
      if (isOvertaken()) return null;
    }
  }

  async #send(picture, question) {
    let isTooSlow = false;
    const timer = setTimeout(() => {
      isTooSlow = true;
      question.abort();
    }, PATIENCE_MS);
    try {
      return await this.#fetch(`${this.#url}?normalised=1`, {
        method: "POST",
        headers: { "Content-Type": picture.type, Accept: "application/json" },
        body: picture,
        signal: question.signal,
      });
    } catch {
      throw new PredictError("away", isTooSlow ? "The server takes too long" : "The server is away");
    } finally {
      clearTimeout(timer);
    }
  }
}

async function answerOf(response) {
  if (AWAY_STATUSES.has(response.status)) throw new PredictError("away", "The server is away");
  let body;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (response.ok && Array.isArray(body?.digits)) return body;
  if (response.status === 429) throw new PredictError("busy", body?.detail || "Too many questions at once. Try again in a moment.");
  if (response.status >= 400 && response.status < 500) {
    throw new PredictError("refused", body?.detail || `The server does not take this picture (error ${response.status}).`);
  }
  throw new PredictError("broken", body?.detail || "The server stumbled over this picture. Try again, or try another one.");
}

function busyWait(response) {
  const asked = Number(response.headers.get("Retry-After")) * 1000;
  return Math.min(Math.max(asked || 0, BUSY_WAIT_MS), LONGEST_BUSY_WAIT_MS);
}

function sleep(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
