/** Keeping digits for a person who is logged in: the keeper, its view, and the server. */

import { strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { strokesToPng } from "../../drawing/paint.js";
import { keep, kept } from "../../session/keep.js";
import { Keeper } from "./keeper.js";
import { pageSender, SendError } from "../../api/send.js";
import { KeepingView } from "./keeping-view.js";

const NO_ID = "00000000-0000-0000-0000-000000000000";
const SEVERAL = "A picture with several digits is not kept.";

/** The person is in the name: another one's pictures are none of theirs. */
const KEPT_TASKS = `digitnet.keeping.${document.body.dataset.person}`;

/** What can be kept: an answer with one digit, to a drawing or to a picture that was sent. */
export class Keeping {
  #keeper;
  #view;
  #digit = null;
  #why = null;

  /** `connection` is told when the server is away, and says when what failed is worth another try. */
  constructor({ predictUrl, connection }) {
    const sender = pageSender();
    const { labelUrl } = document.getElementById("keeping").dataset;
    const post = (url, body) => reportingTo(connection, sender.post(url, body));
    this.#keeper = new Keeper({
      store: (source, content) => store(post, predictUrl, source, content),
      label: async (id, word) => {
        const answer = await post(labelUrl.replace(NO_ID, id), new URLSearchParams({ label: word }));
        return answer.label_for_all ?? answer.label;
      },
      onChange: () => this.#changed(),
    });
    this.#view = new KeepingView({
      onKeep: (label) => this.#keeper.keep(label),
      onRetry: () => this.#keeper.retry(),
    });
    connection.subscribe((state) => {
      if (state === "up") this.#keeper.retry(({ kind }) => kind === "away");
    });
    this.#keeper.resume(kept(KEPT_TASKS));
    this.#show();
  }

  /** An answer came to what is on the paper. */
  offerDrawing(answer, strokes) {
    const text = strokesToText(strokes);
    if (this.#accept(answer)) this.#keeper.offer(text, "draw", text);
  }

  /** An answer came to a picture that was sent: one digit is stored at once. */
  offerPicture(answer, blob) {
    if (!this.#accept(answer)) return;
    this.#keeper.offer(blob, "upload", blob);
    if (this.#keeper.current.id === null) this.#keeper.keep();
  }

  /** The answer is not of what is seen any more. */
  withdraw() {
    this.#digit = null;
    this.#why = null;
    this.#keeper.withdraw();
  }

  beginDrawing() {
    this.#keeper.beginDrawing();
  }

  startNext() {
    this.#keeper.startNext();
  }

  #accept(answer) {
    const several = answer.digits.length > 1 || Boolean(answer.left_out);
    this.#digit = answer.digits.length === 1 && !several ? answer.digits[0].digit : null;
    this.#why = several ? SEVERAL : null;
    if (this.#digit === null) this.#keeper.withdraw();
    return this.#digit !== null;
  }

  #changed() {
    keep(KEPT_TASKS, this.#keeper.toText());
    this.#show();
  }

  #show() {
    this.#view.show(this.#keeper, this.#digit, this.#why);
  }
}

async function reportingTo(connection, answer) {
  try {
    return await answer;
  } catch (error) {
    if (error.kind === "away") connection.reportSilence();
    throw error;
  }
}

async function store(post, url, source, content) {
  // Drawn from the text, so that a try after a reload sends the same bytes, and is stored once.
  const picture = source === "draw" ? await strokesToPng(strokesFromText(content)) : content;
  const answer = await post(`${url}?store=1&source=${source}`, picture);
  if (answer.image_id === null) throw new SendError("refused", "The server found no single digit in it.");
  return answer.image_id;
}
