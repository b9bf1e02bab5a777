/** The choice of a camera, and what is said where there is none. */

import { keep, kept } from "../../session/keep.js";
import { say } from "../../text/catalogue.js";
import { byId, el, find } from "../../widgets/element.js";
import { Camera, CameraError } from "./camera.js";

const KEPT_CAMERA = "digitnet.camera";

export class CameraControl {
  #stage = byId("stage", HTMLElement);
  #problem = byId("problem", HTMLElement);
  #choice = byId("cameras", HTMLElement);
  #select = byId("camera", HTMLSelectElement);
  #otherSide = byId("other-side", HTMLButtonElement);
  #events;
  #camera;
  /** @type {{ id?: string, side: "user" | "environment" }} */
  #wish = { id: kept(KEPT_CAMERA), side: "environment" };
  #isOpen = false;

  /**
   * @param {HTMLVideoElement} video
   * @param {{ onOpen: () => void, onClose: () => void }} events
   */
  constructor(video, events) {
    this.#events = events;
    this.#camera = new Camera(video, () => this.fail(new CameraError("gone")));
    video.addEventListener("resize", () => {
      this.#stage.style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
    });
    byId("again", HTMLButtonElement).addEventListener("click", () => this.open());
    this.#select.addEventListener("change", () => {
      keep(KEPT_CAMERA, this.#select.value);
      this.#change({ ...this.#wish, id: this.#select.value });
    });
    this.#otherSide.addEventListener("click", () => {
      keep(KEPT_CAMERA, "");
      this.#change({ side: this.#wish.side === "user" ? "environment" : "user" });
    });
  }

  get isOpen() {
    return this.#isOpen;
  }

  /** Opens the camera that was chosen; what is in the way is said in its place. */
  async open() {
    this.#problem.hidden = true;
    try {
      if (!(await this.#camera.open(this.#wish))) return;
      this.#isOpen = true;
      this.#events.onOpen();
      await this.#list();
    } catch (error) {
      if (!(error instanceof CameraError)) throw error;
      this.fail(error);
    }
  }

  close() {
    this.#camera.close();
    this.#isOpen = false;
    this.#events.onClose();
  }

  /** @param {{ id?: string, side: "user" | "environment" }} wish */
  #change(wish) {
    this.#wish = wish;
    this.close();
    this.open();
  }

  /**
   * Lets the camera go, and says why.
   *
   * @param {CameraError} error
   * @param {string} [words]
   */
  fail({ trouble }, words = say(`live.${trouble}`)) {
    this.close();
    find(this.#problem, ".live-problem-words", HTMLElement).textContent = words;
    byId("again", HTMLButtonElement).hidden = trouble === "insecure" || trouble === "unsupported";
    this.#problem.hidden = false;
  }

  async #list() {
    const cameras = await this.#camera.list();
    this.#choice.hidden = cameras.length < 2;
    this.#otherSide.hidden = cameras.length < 2 || !matchMedia("(any-pointer: coarse)").matches;
    const options = cameras.map(({ id, label }, i) => {
      return el("option", { value: id }, label || say("live.camera", { number: i + 1 }));
    });
    this.#select.replaceChildren(...options);
    this.#select.value = this.#camera.id;
  }
}
