/** The browser's camera: opened, changed, let go. */

/**
 * Why there is no picture; each has its own sentence.
 *
 * @typedef {"insecure" | "unsupported" | "none" | "denied" | "system" | "busy" | "failed"} FailedToOpen
 * @typedef {FailedToOpen | "gone" | "ended"} Trouble
 */

export class CameraError extends Error {
  /** @param {Trouble} trouble */
  constructor(trouble) {
    super(trouble);
    this.name = "CameraError";
    this.trouble = trouble;
  }
}

/**
 * What the browser's refusal of a camera means.
 *
 * @param {{ name: string, message?: string }} error
 * @returns {FailedToOpen}
 */
export function troubleOf({ name, message = "" }) {
  if (name === "NotAllowedError" && /system/i.test(message)) return "system";
  /** @type {Record<string, FailedToOpen>} */
  const known = {
    NotAllowedError: "denied",
    SecurityError: "denied",
    NotFoundError: "none",
    OverconstrainedError: "none",
    NotReadableError: "busy",
    AbortError: "busy",
  };
  return known[name] ?? "failed";
}

/**
 * What is asked of the browser: a certain camera, or one that looks at one side of a phone.
 *
 * @param {{ id?: string, side?: "user" | "environment" }} wish
 */
export function constraintsFor({ id = "", side = "environment" }) {
  const which = id === "" ? { facingMode: { ideal: side } } : { deviceId: { exact: id } };
  return { audio: false, video: { ...which, width: { ideal: 640 }, height: { ideal: 480 } } };
}

export class Camera {
  #video;
  #onGone;
  /** @type {MediaStream | null} */
  #stream = null;
  /** Counts what was asked for, so that a camera which comes too late is let go. */
  #asked = 0;

  /**
   * @param {HTMLVideoElement} video shows the picture
   * @param {() => void} onGone the camera was unplugged, or taken away
   */
  constructor(video, onGone) {
    this.#video = video;
    this.#onGone = onGone;
  }

  /** The id of the camera that is open; "" where none is. */
  get id() {
    return this.#stream?.getVideoTracks()[0]?.getSettings().deviceId ?? "";
  }

  /**
   * Opens a camera in place of the one before. Resolves to whether it is still wanted then. Throws a CameraError.
   *
   * @param {{ id?: string, side?: "user" | "environment" }} wish
   */
  async open(wish) {
    this.close();
    const mine = this.#asked;
    if (!globalThis.isSecureContext) throw new CameraError("insecure");
    if (navigator.mediaDevices === undefined) throw new CameraError("unsupported");
    const isWanted = () => mine === this.#asked;
    const stream = await ask(wish).catch((error) => {
      if (isWanted()) throw error;
      return null;
    });
    if (stream === null) return false;
    if (!isWanted()) {
      stop(stream);
      return false;
    }
    this.#stream = stream;
    for (const track of stream.getVideoTracks()) track.addEventListener("ended", () => this.#onGone());
    this.#video.srcObject = stream;
    // A browser that saves power may refuse to play until the person does something: the picture then stands.
    await this.#video.play().catch(() => undefined);
    return isWanted();
  }

  /** Lets the camera go. */
  close() {
    this.#asked += 1;
    if (this.#stream !== null) stop(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
  }

  /** The cameras there are; their names are known only once one has been opened. */
  async list() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter(({ kind }) => kind === "videoinput").map(({ deviceId: id, label }) => ({ id, label }));
  }
}

/**
 * @param {{ id?: string, side?: "user" | "environment" }} wish
 * @returns {Promise<MediaStream>}
 */
async function ask(wish) {
  try {
    return await navigator.mediaDevices.getUserMedia(constraintsFor(wish));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The one that was chosen may be gone; another may be there.
    if (wish.id && troubleOf(error) === "none") return ask({ side: wish.side });
    throw new CameraError(troubleOf(error));
  }
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}
