/** The page Live: the camera's picture, and what is written in it as it moves. */

import { Client } from "../../api/client.js";
import { readFrame } from "../../api/predict.js";
import { keepPicture } from "../../pictures/keep-picture.js";
import { keep, kept } from "../../session/keep.js";
import { Participant } from "../../session/participant.js";
import { personName } from "../../session/person.js";
import { say } from "../../text/catalogue.js";
import { headlineOf } from "../../text/headlines.js";
import { byId } from "../../widgets/element.js";
import { AnswerView } from "./answer-view.js";
import { CameraControl } from "./camera-control.js";
import { CameraError } from "./camera.js";
import { FrameKeeping } from "./frame-keeping.js";
import { FrameSender } from "./frame-sender.js";
import { FrameGrabber } from "./frames.js";
import { observeClass, observeDigits } from "./observation.js";
import { Rate, Steady } from "./steady.js";
import { StreamLink } from "./stream-link.js";

/** @typedef {import("./frames.js").Frame} Frame */
/** @typedef {import("./observation.js").Observation} Observation */
/** @typedef {{ frame: Frame, observation: Observation }} Read */
/** @typedef {Read & { isWatched: boolean, againMs: number }} Answered */

/** The person is in the name: what one begins is not another's. */
const KEPT_STREAM = `digitnet.stream.${personName() ?? ""}`;

export class LivePage {
  #page = byId("main", HTMLElement);
  #freezeButton = byId("freeze", HTMLButtonElement);
  #goOnButton = byId("go-on", HTMLButtonElement);
  #rate = byId("rate", HTMLElement);
  #watched = byId("watched", HTMLElement);
  #explain = byId("explain", HTMLAnchorElement);
  #model = byId("model", HTMLSelectElement);
  #view = new AnswerView(byId("overlay", HTMLCanvasElement));
  #client = new Client();
  #connection;
  #camera;
  #sender;
  #participant = Participant.onPage({ saysWatched: false });
  #stream = new StreamLink({
    key: this.#participant?.key ?? kept(KEPT_STREAM),
    begin: async () => (await this.#client.post(this.#page.dataset.streamsUrl ?? "")).key,
    keep: (key) => {
      if (this.#participant === null) keep(KEPT_STREAM, key);
    },
  });
  /** Only for a person who is logged in. */
  #keeping;
  /** @type {Steady<Observation>} */
  #steady = new Steady();
  #answersRate = new Rate();
  /** @type {Read | null} the newest frame that says what is shown */
  #latest = null;
  /** @type {(Read & { still: ImageBitmap }) | null} */
  #frozen = null;

  /** @param {import("../../session/connection.js").Connection} connection */
  constructor(connection) {
    const video = byId("video", HTMLVideoElement);
    const grabber = new FrameGrabber(video);
    this.#connection = connection;
    this.#keeping = personName() === undefined ? null : new FrameKeeping(`${this.#predictUrl}?store=1`);
    this.#sender = new FrameSender({
      grab: () => grabber.grab(),
      ask: (frame, signal) => this.#ask(frame, signal),
      onAnswer: (answered, _, ms) => this.#take(answered, ms),
      onProblem: (error) => this.#complain(error),
      againMs: ({ againMs }) => againMs, onLeftOut: (count) => this.#stream.noteDropped(count),
    });
    this.#camera = new CameraControl(video, {
      onOpen: () => this.#watch(),
      onClose: () => this.#rest(),
    });
    this.#freezeButton.addEventListener("click", () => this.#freeze());
    this.#goOnButton.addEventListener("click", () => this.#goOn());
    this.#explain.addEventListener("click", (event) => this.#openExplanation(event));
    this.#model.addEventListener("change", () => this.#changeModel());
    connection.subscribe((state) => state === "up" && this.#page.dataset.state === "live" && this.#sender.start());
    new ResizeObserver(() => this.#showFrozen()).observe(byId("stage", HTMLElement));
    document.addEventListener("visibilitychange", () => this.#followVisibility());
    addEventListener("pagehide", () => this.#camera.close());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#followVisibility());
    this.#followVisibility();
  }

  get #predictUrl() {
    return this.#page.dataset.predictUrl ?? "";
  }

  get #readsDigits() {
    return this.#model.value === this.#page.dataset.digits;
  }

  /** A tab that nobody sees has no camera. */
  #followVisibility() {
    if (document.visibilityState === "hidden") this.#camera.close();
    else if (this.#frozen === null) this.#camera.open();
  }

  /** The camera shows something: what is frozen gives way to it. */
  #watch() {
    if (this.#frozen !== null) {
      this.#goOn();
      return;
    }
    this.#page.dataset.state = "live";
    this.#sender.start();
  }

  /** The camera shows nothing any more. */
  #rest() {
    this.#sender.stop();
    if (this.#frozen !== null) return;
    this.#page.dataset.state = "off";
    this.#forgetAnswer();
  }

  #forgetAnswer() {
    this.#steady.clear();
    this.#answersRate.clear();
    this.#latest = null;
    this.#freezeButton.disabled = true;
    this.#rate.textContent = "";
    this.#tellWhetherWatched(false);
    this.#view.clear();
    this.#view.say({ kind: "rest", shown: "", words: say("live.hold"), detail: "" });
  }

  #changeModel() {
    if (this.#frozen !== null) this.#goOn();
    this.#sender.stop();
    this.#forgetAnswer();
    if (this.#page.dataset.state === "live") this.#sender.start();
  }

  /**
   * @param {Frame} frame
   * @param {AbortSignal} signal
   * @returns {Promise<Answered>}
   */
  async #ask(frame, signal) {
    const url = this.#readsDigits ? this.#predictUrl : `${this.#predictUrl}?model=${this.#model.value}`;
    const answer = await this.#stream.send(url, (address) => readFrame(this.#client, address, frame.blob, signal));
    const observation = "digits" in answer ? observeDigits(answer) : observeClass(answer, frame);
    return { observation, frame, isWatched: answer.watched ?? false, againMs: answer.again_ms ?? 0 };
  }

  /**
   * @param {Answered} answered
   * @param {number} ms from the frame to its answer
   */
  #take({ frame, observation, isWatched }, ms) {
    this.#connection.reportAnswer();
    this.#stream.noteAnswer(ms);
    this.#tellWhetherWatched(isWatched);
    const now = performance.now();
    const { shown, marks, agrees } = this.#steady.add(observation, now);
    if (agrees) this.#latest = { frame, observation };
    if (agrees && this.#readsDigits) this.#participant?.offer(frame.blob);
    this.#view.mark(marks, frame);
    this.#view.say(shown.words(marks));
    this.#freezeButton.disabled = false;
    const rate = this.#answersRate.add(now).toFixed(0);
    this.#rate.textContent = say("live.rate", { rate, ms: ms.toFixed(0) });
  }

  /** @param {import("../../api/error.js").ApiError} error */
  #complain(error) {
    if (error.status === 410) {
      this.#camera.fail(new CameraError("ended"), error.message);
      return;
    }
    if (error.kind === "busy") {
      this.#stream.noteDropped();
      this.#rate.textContent = say("live.crowded");
      return;
    }
    if (error.isAway) this.#connection.reportSilence();
    this.#steady.clear();
    this.#rate.textContent = "";
    this.#view.clear();
    const detail = error.isAway ? say("live.comesBack") : error.message;
    this.#view.say({ kind: "problem", shown: "", words: headlineOf(error, "draw.refused"), detail });
  }

  /** @param {boolean} isWatched */
  #tellWhetherWatched(isWatched) {
    const words = isWatched ? say("live.watched") : "";
    if (this.#watched.textContent !== words) this.#watched.textContent = words;
  }

  async #freeze() {
    const read = this.#latest;
    if (read === null) return;
    this.#sender.stop();
    const still = await createImageBitmap(read.frame.blob);
    if (this.#latest === null) return; // another model was chosen, or the camera is gone
    this.#sender.stop();
    this.#frozen = { ...read, still };
    this.#page.dataset.state = "frozen";
    this.#rate.textContent = say("live.frozen");
    this.#view.say(read.observation.words(read.observation.marks));
    this.#showFrozen();
    this.#explain.hidden = false;
    if (this.#readsDigits) this.#keeping?.offer(read.frame.blob, read.observation.canBeKept);
    this.#swapButtons(this.#freezeButton, this.#goOnButton);
  }

  #showFrozen() {
    if (this.#frozen === null) return;
    const { frame, observation, still } = this.#frozen;
    this.#view.mark(observation.marks, frame, still);
  }

  #goOn() {
    this.#frozen = null;
    this.#explain.hidden = true;
    this.#keeping?.withdraw();
    this.#forgetAnswer();
    this.#swapButtons(this.#goOnButton, this.#freezeButton);
    if (this.#camera.isOpen) this.#watch();
    else this.#camera.open();
  }

  /**
   * One button in the place of the other; the keyboard stays there.
   *
   * @param {HTMLButtonElement} before
   * @param {HTMLButtonElement} after
   */
  #swapButtons(before, after) {
    const hadFocus = document.activeElement === before;
    before.hidden = true;
    after.hidden = false;
    if (hadFocus) after.focus();
  }

  /** @param {MouseEvent} event */
  async #openExplanation(event) {
    if (this.#frozen === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const model = this.#readsDigits ? "" : this.#model.value;
    await keepPicture(this.#frozen.frame.blob, () => true, model);
    location.assign(`${this.#page.dataset.explainUrl}?${model === "" ? "sent=1" : `model=${model}`}`);
  }
}
