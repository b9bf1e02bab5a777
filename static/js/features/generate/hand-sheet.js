/** The sheet on which a person writes each digit some times, and which is sent as their handwriting. */

import { ApiError } from "../../api/error.js";
import { startFingerSwitch } from "../../drawing/finger-switch.js";
import { attachKeyboardPen } from "../../drawing/keyboard-pen.js";
import { Pad } from "../../drawing/pad.js";
import { strokesToPng } from "../../drawing/paint.js";
import { attachPointerPen } from "../../drawing/pointer-pen.js";
import { keep, kept } from "../../session/keep.js";
import { pageSender, personName } from "../../session/person.js";
import { dataUrlOf } from "../../session/subject.js";
import { say } from "../../text/catalogue.js";
import { byId, find, findAll } from "../../widgets/element.js";
import { DIGITS, Hand } from "./hand.js";

/** A pen for boxes that are a third of the usual paper. */
const WIDTH = 0.07;
const PATIENCE_MS = 60_000;

export class HandSheet {
  #root = byId("hand", HTMLDetailsElement);
  #ask = byId("hand-ask", HTMLElement);
  #chips = findAll(this.#root, "[name=hand-digit]", HTMLInputElement);
  #canvases = findAll(this.#root, "canvas", HTMLCanvasElement);
  #send = find(this.#root, "[data-part=send]", HTMLButtonElement);
  #next = find(this.#root, "[data-part=next]", HTMLButtonElement);
  #isKept = find(this.#root, "[data-part=keep]", HTMLInputElement);
  #words = find(this.#root, "[data-part=words]", HTMLElement);
  #there = find(document, "[data-part=there]", HTMLElement);
  #name = `digitnet.hand.${personName()}`;
  #sender = pageSender();
  #connection;
  #onLearnt;
  #pads;
  #hand;
  #digit = "0";
  /** The digits of which the server has enough. */
  #sent = this.#root.dataset.sent ?? "";
  /** In which box something was written last. */
  #latest = 0;
  /** What a pad shows is not written while it is being put there. */
  #isTurning = false;

  /**
   * @param {import("../../session/connection.js").Connection} connection
   * @param {() => void} onLearnt the server has it
   */
  constructor(connection, onLearnt) {
    const boxes = Number(this.#root.dataset.boxes);
    this.#connection = connection;
    this.#onLearnt = onLearnt;
    this.#hand = Hand.fromText(kept(this.#name), boxes);
    this.#pads = this.#canvases.map((canvas, place) => this.#lay(canvas, place));
    const fingerDraws = startFingerSwitch(byId("hand-finger", HTMLButtonElement), ...this.#canvases);
    this.#canvases.forEach((canvas, place) => attachPointerPen(canvas, this.#pads[place], fingerDraws));
    for (const chip of this.#chips) chip.addEventListener("change", () => this.#turnTo(chip.value));
    for (const button of findAll(this.#root, "[data-clear]", HTMLButtonElement)) {
      button.addEventListener("click", () => this.#pads[Number(button.dataset.clear)].clear());
    }
    find(this.#root, "[data-part=undo]", HTMLElement).addEventListener("click", () => this.#pads[this.#latest].undo());
    this.#next.addEventListener("click", () => this.#goOn());
    this.#send.addEventListener("click", () => this.#sendAll());
    // Where something waits to be sent, it is shown.
    if (this.#hand.samples().length > 0) this.#root.open = true;
    this.#begin();
  }

  /** Show the first digit that is still to be written. */
  #begin() {
    this.#turnTo(this.#hand.after("9", this.#sent) ?? "0");
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} place
   */
  #lay(canvas, place) {
    const pad = new Pad(canvas, { onChange: (drawing) => this.#written(place, drawing.strokes) });
    pad.width = WIDTH;
    attachKeyboardPen(canvas, pad);
    canvas.addEventListener("keydown", (event) => {
      if (event.altKey) return;
      if (event.key === "Enter") this.#enter(place);
      else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) pad.undo();
      else if (event.key === "Delete") pad.clear();
      else return;
      event.preventDefault();
    });
    return pad;
  }

  /** @param {number} place */
  #enter(place) {
    if (place + 1 < this.#canvases.length) this.#canvases[place + 1].focus();
    else this.#goOn();
  }

  #goOn() {
    const digit = this.#hand.after(this.#digit, this.#sent);
    if (digit === null) {
      this.#send.focus();
      return;
    }
    this.#turnTo(digit);
    this.#canvases[0].focus();
  }

  /** @param {string} digit */
  #turnTo(digit) {
    this.#digit = digit;
    this.#latest = 0;
    this.#isTurning = true;
    this.#pads.forEach((pad, place) => pad.show(this.#hand.row(digit)[place]));
    this.#isTurning = false;
    const { boxes } = this.#hand;
    this.#canvases.forEach((canvas, place) => {
      canvas.setAttribute("aria-label", say("generate.box", { place: place + 1, boxes, digit }));
    });
    for (const chip of this.#chips) chip.checked = chip.value === digit;
    this.#ask.textContent = say("generate.ask", { digit, boxes });
    this.#showCounts();
  }

  /**
   * @param {number} place
   * @param {import("../../drawing/drawing.js").Stroke[]} strokes
   */
  #written(place, strokes) {
    if (this.#isTurning) return;
    this.#latest = place;
    this.#hand.set(this.#digit, place, strokes);
    keep(this.#name, this.#hand.toText());
    this.#say("");
    this.#showCounts();
  }

  #showCounts() {
    const { boxes } = this.#hand;
    for (const chip of this.#chips) {
      const count = this.#hand.count(chip.value);
      const words = find(this.#root, `[data-count="${chip.value}"]`, HTMLElement);
      const isSent = count === 0 && this.#sent.includes(chip.value);
      const some = isSent ? say("generate.sent") : say("generate.some", { count, boxes });
      words.textContent = count === boxes ? say("generate.full") : some;
      chip.parentElement?.classList.toggle("is-full", isSent || count === boxes);
    }
    this.#next.classList.toggle("button-main", this.#hand.count(this.#digit) === boxes);
  }

  async #sendAll() {
    const samples = this.#hand.samples();
    if (samples.length === 0) {
      this.#say(say("generate.writeSome"), true);
      return;
    }
    this.#send.disabled = true;
    this.#say(say("generate.sending"));
    try {
      const pictures = samples.map(async ([digit, row]) => [digit, await Promise.all(row.map(picture))]);
      const order = { samples: Object.fromEntries(await Promise.all(pictures)), keep: this.#isKept.checked };
      const body = new Blob([JSON.stringify(order)], { type: "application/json" });
      const { learnUrl = "" } = this.#root.dataset;
      this.#accept(await this.#sender.post(learnUrl, body, { patience: PATIENCE_MS }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isAway) this.#connection.reportSilence();
      this.#say(error.message, true);
    } finally {
      this.#send.disabled = false;
    }
  }

  /**
   * @param {object} answer
   * @param {Record<string, number>} answer.digits
   * @param {number} answer.kept
   * @param {string | null} answer.not_kept why not all were kept
   * @param {{ digit: number, place: number, read: number }[]} answer.misread places are those of what was sent
   */
  #accept({ digits, kept: count, not_kept: notKept, misread }) {
    const { boxes } = this.#hand;
    const few = DIGITS.filter((digit) => digits[digit] < boxes);
    const some = say("generate.learntSome", { boxes, digits: few.join(", ") });
    const words = [few.length > 0 ? some : say("generate.learnt")];
    if (count > 0) words.push(say("generate.learntKept", { count }));
    if (notKept !== null) words.push(notKept);
    for (const { digit, place, read } of misread) {
      const box = this.#hand.writtenBoxes(String(digit))[place - 1] + 1;
      words.push(say("generate.misread", { digit, box, read }));
    }
    if (misread.length > 0) words.push(say("generate.misreadAdvice"));
    // What is sent of a digit replaces what was sent of it: those with too few stay, to be completed, and those
    // of which one may be in the wrong box.
    const open = [...few, ...misread.map(({ digit }) => String(digit))];
    this.#sent = DIGITS.filter((digit) => !open.includes(digit)).join("");
    this.#hand = this.#hand.without([...this.#sent]);
    keep(this.#name, this.#hand.toText());
    if (misread.length > 0) this.#turnTo(String(misread[0].digit));
    else this.#begin();
    this.#root.open = this.#hand.samples().length > 0;
    this.#report(words.join(" "));
    this.#onLearnt();
  }

  /**
   * Says what came of it beside the button where something is still to be written, and else below the sheet, which is
   * closed.
   *
   * @param {string} words
   */
  #report(words) {
    const below = find(this.#there, "[data-part=there-words]", HTMLElement);
    this.#there.hidden = false;
    this.#say(this.#root.open ? words : "");
    below.textContent = this.#root.open ? say("generate.learntPart") : words;
    if (!this.#root.open) below.focus();
  }

  /**
   * @param {string} words
   * @param {boolean} [isProblem]
   */
  #say(words, isProblem = false) {
    this.#words.textContent = words;
    this.#words.classList.toggle("is-problem", isProblem);
  }
}

/** @param {import("../../drawing/drawing.js").Stroke[]} strokes */
async function picture(strokes) {
  return dataUrlOf(await strokesToPng(strokes));
}
