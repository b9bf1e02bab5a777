/** What is said of a stream. */

import { locale, say } from "../../text/catalogue.js";

/**
 * A stream as the server describes it.
 *
 * @typedef {object} Stream
 * @property {string} id
 * @property {string} name
 * @property {"browser" | "native"} kind
 * @property {string} text
 * @property {number | null} confidence
 * @property {number} frames_per_second
 * @property {number | null} latency_ms
 * @property {string} since
 * @property {number} dropped
 * @property {boolean} shows_frames
 * @property {string | null} frame
 */

const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });

/** @param {Stream} stream */
export function describeFacts({ kind, frames_per_second: rate, latency_ms: ms, dropped, since }) {
  const facts = [say("streams.rate", { rate: rate.toFixed(1) })];
  if (ms !== null) facts.push(say("streams.latency", { ms: ms.toFixed(0) }));
  if (dropped > 0) facts.push(say("streams.dropped", { count: dropped }));
  if (kind === "native") facts.push(say("streams.native"));
  facts.push(say("streams.since", { time: clock.format(new Date(since)) }));
  return facts.join(" · ");
}
