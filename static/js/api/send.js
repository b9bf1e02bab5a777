/** Sends what changes something on the server, on behalf of the person who is logged in. */

const PATIENCE_MS = 20_000;

/** What a proxy answers while the program behind it is not there. */
const AWAY_STATUSES = new Set([502, 503, 504]);

/**
 * `kind`: "away" (no server), "loggedOut", "replaced" (somebody else is logged in by now), "busy",
 * "refused" (it will not be done, however often it is asked) or "broken" (the server failed).
 */
export class SendError extends Error {
  constructor(kind, message, status = 0) {
    super(message);
    this.name = "SendError";
    this.kind = kind;
    this.status = status;
  }
}

export class Sender {
  #token;
  #renew;
  #fetch;

  /**
   * `token` is the page's CSRF token. `renew()` resolves to a fresh one, since a page that has
   * been open for long, or another tab's log-in, makes it stale; it throws a SendError where
   * the person is not the same any more. `fetch` stands in for the network in tests.
   */
  constructor({ token, renew, fetch = (...args) => globalThis.fetch(...args) }) {
    this.#token = token;
    this.#renew = renew;
    this.#fetch = fetch;
  }

  /** The server's answer to a POST, read from JSON. Throws a SendError. */
  async post(url, body) {
    let response = await this.#send(url, body);
    if (response.status === 400) {
      this.#token = await this.#renew();
      response = await this.#send(url, body);
    }
    const answer = await response.json().catch(() => null);
    if (response.ok && answer !== null) return answer;
    throw errorOf(response.status, answer?.detail);
  }

  async #send(url, body) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.#token };
    if (body instanceof Blob) headers["Content-Type"] = body.type;
    try {
      return await this.#fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch {
      throw new SendError("away", "The server is away.");
    }
  }
}

/** A sender for this page; a fresh token comes from the start page, as it did with this one. */
export function pageSender() {
  return new Sender({ token: tokenOf(document), renew: renewFromServer });
}

async function renewFromServer() {
  const page = await fetchStartPage();
  const person = page.body.dataset.person;
  if (person === undefined) throw new SendError("loggedOut", "You are logged out.");
  if (person !== document.body.dataset.person) {
    throw new SendError("replaced", `${person} is logged in now, and this page is another person’s.`);
  }
  return tokenOf(page);
}

async function fetchStartPage() {
  try {
    const response = await fetch(document.querySelector(".site-name").href, { cache: "no-store" });
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    throw new SendError("away", "The server is away.");
  }
}

function tokenOf(page) {
  return page.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

function errorOf(status, detail) {
  if (status === 401) return new SendError("loggedOut", "You are logged out.", status);
  if (status === 429) return new SendError("busy", detail ?? "Too many requests at once.", status);
  // The program's own 503 says what is wrong; a proxy's says only that there is no program.
  if (AWAY_STATUSES.has(status) && !detail) return new SendError("away", "The server is away.", status);
  if (status >= 400 && status < 500) return new SendError("refused", detail ?? `The server refuses it (error ${status}).`, status);
  return new SendError("broken", detail ?? "Something went wrong on the server.", status);
}
