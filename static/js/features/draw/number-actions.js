/** What can be done with a number that was read: copying it, and keeping its digits one by one. */

import { cutOut } from "../../pictures/crops.js";
import { say } from "../../text/catalogue.js";
import { copyText } from "../../widgets/copy.js";
import { byId } from "../../widgets/element.js";

/** @typedef {import("../../api/predict.js").Answer} Answer */

export class NumberActions {
  #root = byId("number-actions", HTMLElement);
  #words = byId("number-words", HTMLElement);
  #onSplit;
  /** @type {{ answer: Answer, picture: Blob, source: "upload" | "draw" } | null} */
  #shown = null;

  /** @param {(brought: import("../../pictures/dropped.js").Brought) => void} onSplit takes the digits as files */
  constructor(onSplit) {
    this.#onSplit = onSplit;
    byId("number-copy", HTMLElement).addEventListener("click", () => this.#copy());
    byId("number-split", HTMLElement).addEventListener("click", () => this.#split());
  }

  /**
   * @param {Answer} answer
   * @param {Blob} picture that was read
   * @param {"upload" | "draw"} source where it is from
   */
  show(answer, picture, source) {
    this.#shown = { answer, picture, source };
    this.#root.hidden = answer.digits.length < 2;
    this.#words.textContent = "";
  }

  hide() {
    this.#shown = null;
    this.#root.hidden = true;
  }

  async #copy() {
    const text = this.#shown?.answer.text ?? "";
    const isDone = await copyText(text);
    this.#words.textContent = isDone ? say("number.copied", { text }) : say("number.notCopied");
  }

  async #split() {
    if (this.#shown === null) return;
    const { answer, picture, source } = this.#shown;
    const boxes = answer.digits.map(({ box }) => box);
    const files = await cutOut(picture, boxes, (number) => say("number.digit", { number, count: boxes.length }));
    if (files === null) {
      this.#words.textContent = say("number.cannotCut");
      return;
    }
    const named = files.map((file) => ({ ...file, source }));
    this.#onSplit({ files: named, folders: 0, hidden: 0, unreadable: 0, beyond: 0 });
  }
}
