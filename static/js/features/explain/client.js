/** Asks the server for explanations: of a picture as a whole, and of what single layers made of it. */

import { PredictError } from "../../api/predict.js";
import { decodeNumbers } from "../../widgets/numbers.js";
import { el, pause } from "../../widgets/element.js";

const PATIENCE_MS = 20_000;
const BUSY_TRIES = 6;
const BUSY_WAIT_MS = 700;

/** What was asked: a picture, which of its digits, and which stages were left out. */
export class Question {
  constructor(blob, { digit = 0, without = [] } = {}) {
    this.blob = blob;
    this.digit = digit;
    this.without = without;
  }

  search(more = {}) {
    const search = new URLSearchParams(more);
    if (this.digit > 0) search.set("digit", this.digit);
    for (const name of this.without) search.append("without", name);
    const text = search.toString();
    return text === "" ? "" : `?${text}`;
  }
}

/** A question's answer, and the layers of it that have been asked for, each asked for once. */
export class Explained {
  #ask;
  #sprites = new Map();
  #layers = new Map();

  constructor(answer, ask) {
    this.answer = answer;
    this.pixels = decodeNumbers(answer.pixels).values;
    this.#ask = ask;
  }

  /** All maps of a layer in one picture of grey levels: { levels, width, height, columns, range, shape }. */
  sprite(index) {
    return this.#once(this.#sprites, index, async () => {
      const { sprite: { image, columns, range }, shape } = await this.#ask({ layer: index, format: "png" });
      return { ...(await greyLevelsOf(image)), columns, range, shape };
    });
  }

  /** A layer in numbers: { maps, input, params }, decoded once. */
  layer(index) {
    return this.#once(this.#layers, index, async () => {
      const { maps, input, params = {} } = await this.#ask({ layer: index });
      const decoded = Object.entries(params).map(([name, numbers]) => [name, decodeNumbers(numbers)]);
      return { maps: decodeNumbers(maps), input: input && decodeNumbers(input), params: Object.fromEntries(decoded) };
    });
  }

  #once(store, index, make) {
    if (!store.has(index)) {
      const made = make();
      // What failed may be asked again.
      made.catch(() => store.delete(index));
      store.set(index, made);
    }
    return store.get(index);
  }
}

async function greyLevelsOf(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const context = el("canvas", { width, height }).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return { levels: data.filter((_, i) => i % 4 === 0), width, height };
}

export class Explainer {
  #url;
  #newest = null;

  constructor(url) {
    this.#url = url;
  }

  /** The explanation, or null where a newer question has overtaken this one. Throws a PredictError. */
  async explain(question) {
    this.#newest?.abort();
    const mine = new AbortController();
    this.#newest = mine;
    try {
      const answer = await this.#post(question, {}, mine.signal);
      if (this.#newest !== mine) return null;
      return new Explained(answer, (more) => this.#post(question, more, mine.signal));
    } catch (error) {
      if (this.#newest !== mine) return null;
      throw error;
    }
  }

  async #post(question, more, signal) {
    for (let tries = 1; ; tries += 1) {
      const response = await this.#send(question, more, signal);
      if (response.status !== 429 || tries === BUSY_TRIES) return contentOf(response);
      await pause(BUSY_WAIT_MS * tries);
    }
  }

  async #send(question, more, signal) {
    try {
      return await fetch(`${this.#url}${question.search(more)}`, {
        method: "POST",
        headers: { "Content-Type": question.blob.type, Accept: "application/json" },
        body: question.blob,
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      });
    } catch {
      throw new PredictError(signal.aborted ? "overtaken" : "away", "The server is away");
    }
  }
}

async function contentOf(response) {
  const content = await response.json().catch(() => null);
  if (response.ok && content !== null) return content;
  if ([502, 503, 504].includes(response.status)) throw new PredictError("away", "The server is away");
  const kind = response.status === 429 ? "busy" : response.status < 500 ? "refused" : "broken";
  throw new PredictError(kind, content?.detail ?? `The server could not explain this picture (error ${response.status}).`);
}
