/** Which class a picture shows, in words. */

import { say } from "../text/catalogue.js";
import { isUnsure, wordsOfConfidence } from "./answer-words.js";
import { formatPercent } from "./numbers.js";

/** @typedef {import("../api/predict.js").Reason} Reason */

/**
 * What the page says of the likeliest class, or of a picture that seems to show none.
 *
 * @param {{ name: string, confidence: number, refusal: Reason | null }} answer
 */
export function describeClass({ name, confidence, refusal }) {
  if (refusal !== null) {
    const detail = say("model.none", { name, percent: formatPercent(confidence) });
    return { kind: "refusal", words: refusal.message, detail };
  }
  const words = say(isUnsure({ confidence }) ? "model.unsure" : "model.sure", { name });
  return { kind: "class", words, detail: wordsOfConfidence(confidence) };
}
