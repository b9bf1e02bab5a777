/** The plane of codes: a map of digits to walk on, and the digit at the place. */

import { ApiError } from "../../api/error.js";
import { Maker } from "../../api/generate.js";
import { pause } from "../../api/pause.js";
import { say } from "../../text/catalogue.js";
import { byId, find } from "../../widgets/element.js";
import { whenSeen } from "../../widgets/when-seen.js";
import { mapPlaces, markAt, placeAt } from "./places.js";

/** Between two digits that are asked for: fewer than the server allows in a second. */
const PAUSE_MS = 80;
const SEEDS = 1_000_000;

export class Plane {
  #root = byId("plane", HTMLElement);
  #map = find(this.#root, "[data-part=map]", HTMLElement);
  #mark = find(this.#root, "[data-part=mark]", HTMLElement);
  #sheet = find(this.#root, "[data-part=sheet]", HTMLImageElement);
  #one = find(this.#root, "[data-part=one]", HTMLImageElement);
  #digit = find(this.#root, "[data-part=digit]", HTMLSelectElement);
  #across = find(this.#root, "[data-part=across]", HTMLInputElement);
  #up = find(this.#root, "[data-part=up]", HTMLInputElement);
  #words = find(this.#root, "[data-part=words]", HTMLElement);
  #mapMaker;
  #oneMaker;
  #connection;
  #view;
  #seed = 0;
  /** @type {import("./places.js").Place} */
  #place = [0, 0];
  /** Whether a digit is on its way, and whether by then another one is wanted. */
  #isAsking = false;
  #isBehind = false;

  /**
   * @param {string} url
   * @param {import("../../session/connection.js").Connection} connection
   */
  constructor(url, connection) {
    this.#mapMaker = new Maker(url);
    this.#oneMaker = new Maker(url);
    this.#connection = connection;
    for (const name of /** @type {const} */ (["pointerdown", "pointermove"])) {
      this.#map.addEventListener(name, (event) => this.#walk(placeAt(event, this.#map.getBoundingClientRect())));
    }
    for (const slider of [this.#across, this.#up]) {
      slider.addEventListener("input", () => this.#walk([Number(this.#across.value), Number(this.#up.value)]));
    }
    this.#view = whenSeen(this.#root, () => this.#draw());
    this.#digit.addEventListener("change", () => this.#view.again());
    find(this.#root, "[data-part=turn]", HTMLElement).addEventListener("click", () => {
      this.#seed = Math.floor(Math.random() * SEEDS);
      this.#view.again();
    });
    connection.subscribe((state) => {
      if (state === "up" && this.#root.dataset.state === "owed") this.#view.again();
    });
    this.#view.again();
  }

  async #draw() {
    this.#showMark();
    this.#askForOne();
    await this.#showAt(this.#sheet, () => this.#mapMaker.make({ ...this.#order, places: mapPlaces() }));
  }

  get #order() {
    return { digits: this.#digit.value, seed: this.#seed };
  }

  /** @param {import("./places.js").Place} place */
  #walk(place) {
    this.#place = place;
    this.#across.value = String(place[0]);
    this.#up.value = String(place[1]);
    this.#showMark();
    this.#askForOne();
  }

  #showMark() {
    const { left, top } = markAt(this.#place);
    this.#mark.style.left = `${left}%`;
    this.#mark.style.top = `${top}%`;
  }

  /** One digit at a time is asked for; of the places passed meanwhile, the newest. */
  async #askForOne() {
    this.#isBehind = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#isBehind) {
      this.#isBehind = false;
      const order = { ...this.#order, places: [this.#place] };
      await Promise.all([this.#showAt(this.#one, () => this.#oneMaker.make(order)), pause(PAUSE_MS)]);
    }
    this.#isAsking = false;
  }

  /**
   * @param {HTMLImageElement} image
   * @param {() => Promise<Blob | null>} make
   */
  async #showAt(image, make) {
    try {
      const made = await make();
      if (made === null) return;
      const before = image.src;
      image.src = URL.createObjectURL(made);
      await image.decode().catch(() => {});
      URL.revokeObjectURL(before);
      this.#connection.reportAnswer();
      this.#root.dataset.state = "shown";
      this.#words.textContent = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isAway) this.#connection.reportSilence();
      this.#root.dataset.state = error.isAway ? "owed" : "refused";
      this.#words.textContent = error.isAway ? say("generate.comesBack") : error.message;
    }
  }
}
