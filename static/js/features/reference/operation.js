/** One request of the API: its form, the command that does the same, and the answer. */

import { Client } from "../../api/client.js";
import { ApiError } from "../../api/error.js";
import { say } from "../../text/catalogue.js";
import { copyText } from "../../widgets/copy.js";
import { find, findAll } from "../../widgets/element.js";
import { AnswerView } from "./answer-view.js";
import { curlOf } from "./curl.js";
import { contentOf, requestOf } from "./request.js";

/** What a header can hold. */
const SENDABLE = /^[\x21-\x7e]*$/;
const PATIENCE_MS = 60_000;

export class Operation {
  #root;
  #form;
  #answer;
  #tokenNow;
  #isSending = false;

  /**
   * @param {HTMLElement} root
   * @param {() => string} tokenNow the token that was typed, or ""
   */
  constructor(root, tokenNow) {
    this.#root = root;
    this.#tokenNow = tokenNow;
    this.#form = find(root, "form", HTMLFormElement);
    this.#answer = new AnswerView(find(root, "[data-part=answer]", HTMLElement));
    this.#form.addEventListener("input", () => this.refresh());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    find(this.#form, "[data-part=copy]", HTMLElement).addEventListener("click", () => this.#copy());
    this.refresh();
  }

  /** Shows what belongs to the chosen body, and the command. */
  refresh() {
    for (const body of findAll(this.#form, ".try-body", HTMLElement)) {
      body.hidden = body !== this.#chosenBody();
    }
    this.#part("curl").textContent = this.#curl();
    this.#part("copied").textContent = "";
  }

  #curl() {
    const { needsToken, answersFile } = this.#root.dataset;
    const token = this.#tokenNow() || (needsToken === undefined ? "" : "TOKEN");
    return curlOf(this.#asked(token), location.origin, answersFile !== undefined);
  }

  async #copy() {
    const isDone = await copyText(this.#curl());
    this.#part("copied").textContent = say(isDone ? "reference.copied" : "reference.notCopied");
  }

  async #send() {
    if (this.#isSending) return;
    if (!SENDABLE.test(this.#tokenNow())) {
      this.#answer.say(say("reference.noToken"));
      return;
    }
    this.#isSending = true;
    this.#answer.say(say("reference.sending"));
    const began = performance.now();
    try {
      const { method, url, headers, body } = this.#asked(this.#tokenNow());
      if (!("Authorization" in headers)) headers["X-CSRFToken"] = formToken();
      const { response, content } = await new Client().send(url, (answer) => answer.blob(), {
        method,
        headers,
        body: contentOf(body),
        patience: PATIENCE_MS,
        cache: "no-store",
      });
      await this.#answer.answer(response, content, Math.round(performance.now() - began));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#answer.say(error.message);
    } finally {
      this.#isSending = false;
    }
  }

  /** @param {string} token */
  #asked(token) {
    const { method = "", path = "" } = this.#root.dataset;
    const given = fieldsOf(this.#form)
      .filter(({ dataset }) => dataset.place !== "body")
      .map(({ dataset, value }) => ({ name: dataset.name ?? "", place: dataset.place ?? "", value }));
    return requestOf({ method, path, given, body: this.#body(), token });
  }

  /** @returns {import("./request.js").Body | null} */
  #body() {
    const chosen = this.#chosenBody();
    if (chosen === null) return null;
    const { type = "", kind } = chosen.dataset;
    if (kind === "json") return { kind, text: find(chosen, "textarea", HTMLTextAreaElement).value };
    if (kind === "file") return { kind, type, file: find(chosen, "input", HTMLInputElement).files?.[0] ?? null };
    return { kind: "form", type, fields: fieldsOf(chosen).flatMap(valueOf) };
  }

  #chosenBody() {
    const bodies = findAll(this.#form, ".try-body", HTMLElement);
    const chosen = this.#form.querySelector("[data-part=type]");
    const type = chosen instanceof HTMLSelectElement ? chosen.value : undefined;
    return bodies.find(({ dataset }) => type === undefined || dataset.type === type) ?? null;
  }

  /** @param {string} name */
  #part(name) {
    return find(this.#form, `[data-part=${name}]`, HTMLElement);
  }
}

/**
 * @param {Element} root
 * @returns {(HTMLInputElement | HTMLSelectElement)[]}
 */
function fieldsOf(root) {
  return /** @type {any} */ (findAll(root, "[data-name]", HTMLElement));
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} field
 * @returns {[string, string | File][]}
 */
function valueOf(field) {
  const name = field.dataset.name ?? "";
  if (field instanceof HTMLInputElement && field.type === "file") {
    const file = field.files?.[0];
    return file === undefined ? [] : [[name, file]];
  }
  return field.value === "" ? [] : [[name, field.value]];
}

/** For what is sent in a session's name; a visitor's page has none. */
function formToken() {
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}
