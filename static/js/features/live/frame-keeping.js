/** Stores a frozen frame for a person who is logged in, and takes it back. */

import { addressOf } from "../../api/address.js";
import { ApiError } from "../../api/error.js";
import { pageSender } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { byId, el } from "../../widgets/element.js";

/** @typedef {{ id: string, wasHeld: boolean }} Stored */

export class FrameKeeping {
  #root = byId("keeping", HTMLElement);
  #button = byId("keep", HTMLButtonElement);
  #words = byId("keeping-words", HTMLElement);
  #sender = pageSender();
  #storeUrl;
  /** @type {Blob | null} the frame that can be stored */
  #frame = null;

  /** @param {string} storeUrl */
  constructor(storeUrl) {
    this.#storeUrl = storeUrl;
    this.#button.addEventListener("click", () => this.#store());
  }

  /**
   * A frame is frozen.
   *
   * @param {Blob} frame
   * @param {boolean} canBeKept
   */
  offer(frame, canBeKept) {
    this.#frame = frame;
    this.#root.hidden = false;
    this.#button.hidden = !canBeKept;
    this.#say(canBeKept ? "" : say("live.oneDigitOnly"));
  }

  withdraw() {
    this.#frame = null;
    this.#root.hidden = true;
  }

  async #store() {
    const frame = this.#frame;
    if (frame === null) return;
    await this.#do(frame, async () => {
      const answer = await this.#sender.post(this.#storeUrl, frame);
      if (answer.image_id === null) throw new ApiError("refused", say("live.oneDigitOnly"));
      return () => this.#showStored({ id: answer.image_id, wasHeld: answer.kept.was_held });
    });
  }

  /** @param {Stored} stored */
  #showStored({ id, wasHeld }) {
    this.#button.hidden = true;
    const { pictureUrl = "" } = this.#root.dataset;
    const see = el("a", { href: addressOf(pictureUrl, id) }, say("keeping.see"));
    const click = () => this.#undo(id);
    const undo = el("button", { type: "button", class: "text-button", click }, say("keeping.undo"));
    const kept = el("span", {}, say("keeping.kept"));
    // What the person had before is not taken away by an undo.
    this.#say(kept, see, ...(wasHeld ? [] : [undo]));
  }

  /** @param {string} id */
  async #undo(id) {
    const frame = this.#frame;
    if (frame === null) return;
    const url = addressOf(this.#root.dataset.deleteUrl ?? "", id);
    await this.#do(frame, async () => {
      await this.#sender.post(url, new URLSearchParams({ with_label: "1" }));
      return () => {
        this.#button.hidden = false;
        this.#say(say("live.undone"));
        this.#button.focus();
      };
    });
  }

  /**
   * @param {Blob} frame
   * @param {() => Promise<() => void>} act resolves to what shows it
   */
  async #do(frame, act) {
    this.#button.disabled = true;
    try {
      const show = await act();
      if (this.#frame === frame) show();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.#frame === frame) this.#complain(error);
    } finally {
      this.#button.disabled = false;
    }
  }

  /** @param {ApiError} error */
  #complain(error) {
    const href = this.#root.dataset.logInUrl ?? "";
    const logIn = error.kind === "loggedOut" ? [el("a", { href, target: "_blank" }, say("keeping.logIn"))] : [];
    this.#say(el("span", {}, error.message), ...logIn);
    this.#words.classList.add("is-problem");
  }

  /** @param {...(Node | string)} content */
  #say(...content) {
    this.#words.classList.remove("is-problem");
    this.#words.replaceChildren(...content);
  }
}
