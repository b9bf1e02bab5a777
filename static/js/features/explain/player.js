/** Goes over the pixels of a map by itself, until it is stopped or through. */

import { prefersStillness } from "../../widgets/element.js";

const PIXELS_A_SECOND = 14;

export class Player {
  #button = document.getElementById("play");
  #words = this.#button.querySelector(".play-words");
  #onStep;
  #onState;
  #timer = null;

  /** `onStep()` moves on and says whether there was anywhere to go; `onState(isPlaying)` hears of each change. */
  constructor({ onStep, onState }) {
    this.#onStep = onStep;
    this.#onState = onState;
    this.#button.addEventListener("click", () => this.toggle());
    const stillness = matchMedia("(prefers-reduced-motion: reduce)");
    const apply = () => {
      this.#button.hidden = stillness.matches;
      if (stillness.matches) this.stop();
    };
    stillness.addEventListener("change", apply);
    apply();
  }

  get isPlaying() {
    return this.#timer !== null;
  }

  toggle() {
    if (this.isPlaying) this.stop();
    else this.#start();
  }

  stop() {
    if (!this.isPlaying) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#changed();
  }

  #start() {
    if (prefersStillness()) return;
    this.#timer = setInterval(() => {
      if (!this.#onStep()) this.stop();
    }, 1000 / PIXELS_A_SECOND);
    this.#changed();
  }

  #changed() {
    this.#button.dataset.state = this.isPlaying ? "playing" : "paused";
    this.#words.textContent = this.isPlaying ? "Pause" : "Play";
    this.#onState(this.isPlaying);
  }
}
