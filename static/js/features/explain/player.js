/** Goes over the pixels of a map by itself, until it is stopped or through. */

import { say } from "../../text/catalogue.js";
import { byId, find } from "../../widgets/element.js";
import { onStillnessChange, prefersStillness } from "../../widgets/motion.js";

const PIXELS_A_SECOND = 14;

export class Player {
  #button = byId("play", HTMLElement);
  #words = find(this.#button, ".play-words", HTMLElement);
  #onStep;
  #onState;
  /** @type {number | undefined} */
  #timer;

  /**
   * `onStep()` moves on and says whether there was anywhere to go; `onState(isPlaying)` hears of each change.
   *
   * @param {{ onStep: () => boolean, onState: (isPlaying: boolean) => void }} listeners
   */
  constructor({ onStep, onState }) {
    this.#onStep = onStep;
    this.#onState = onState;
    this.#button.addEventListener("click", () => this.toggle());
    onStillnessChange(() => this.#heedStillness());
    this.#heedStillness();
  }

  get isPlaying() {
    return this.#timer !== undefined;
  }

  toggle() {
    if (this.isPlaying) this.stop();
    else this.#start();
  }

  stop() {
    if (!this.isPlaying) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#changed();
  }

  #heedStillness() {
    this.#button.hidden = prefersStillness();
    if (prefersStillness()) this.stop();
  }

  #start() {
    if (prefersStillness()) return;
    this.#timer = window.setInterval(() => {
      if (!this.#onStep()) this.stop();
    }, 1000 / PIXELS_A_SECOND);
    this.#changed();
  }

  #changed() {
    this.#button.dataset.state = this.isPlaying ? "playing" : "paused";
    this.#words.textContent = say(this.isPlaying ? "step.pause" : "step.play");
    this.#onState(this.isPlaying);
  }
}
