/** What is said of a training run while it goes on. */

import { say } from "../../text/catalogue.js";
import { formatCount, formatNumber, formatTrimmed } from "../../widgets/numbers.js";

/** @typedef {import("./run.js").Run} Run */

/**
 * What it does now, in one line.
 *
 * @param {Pick<Run, "state" | "phase" | "epoch" | "epochs" | "seconds_left" | "compared_with">} run
 */
export function progressWords({ state, phase, epoch, epochs, seconds_left: seconds, compared_with: other }) {
  if (state === "queued") return say("run.queued");
  if (phase === null) return say("run.begins");
  if (phase === "comparing" && other === null) return say("run.phase.measuring");
  if (phase !== "training") return say(`run.phase.${phase}`, { other: other ?? "" });
  if (epochs === 0) return say("run.begins");
  const words = say("run.epoch", { epoch: formatCount(Math.min(epoch + 1, epochs)), epochs: formatCount(epochs) });
  return seconds === null ? words : `${words} · ${timeLeft(seconds)}`;
}

/**
 * How long it takes yet, as people say it.
 *
 * @param {number} seconds
 */
export function timeLeft(seconds) {
  if (seconds < 10) return say("run.momentsLeft");
  if (seconds < 55) return say("run.secondsLeft", { seconds: Math.round(seconds / 10) * 10 });
  if (seconds < 3570) return say("run.minutesLeft", { minutes: Math.round(seconds / 60) });
  const hours = formatTrimmed(seconds / 3600, 1);
  return say("run.hoursLeft", { hours });
}

/**
 * What is read out when an epoch ends.
 *
 * @param {Pick<Run, "epoch" | "epochs" | "history">} run
 */
export function epochDone({ epoch, epochs, history }) {
  const place = epoch - 1;
  const [accuracy, loss] = [history.val_accuracy?.[place], history.val_loss?.[place]];
  if (accuracy === undefined || loss === undefined) return "";
  const values = { accuracy: formatFigure(accuracy, "accuracy"), loss: formatFigure(loss, "loss") };
  return say("run.epochDone", { epoch: formatCount(epoch), epochs: formatCount(epochs), ...values });
}

/**
 * @param {number} value
 * @param {import("./run.js").Metric} metric
 */
export function formatFigure(value, metric) {
  return metric === "loss" ? formatNumber(value, 3) : `${formatNumber(value * 100, 2)}\u00a0%`;
}

/**
 * A mark of a plot's axis: as short as it can be.
 *
 * @param {number} value
 * @param {import("./run.js").Metric} metric
 */
export function formatMark(value, metric) {
  return metric === "loss" ? formatTrimmed(value, 4) : `${formatTrimmed(value * 100, 2)}\u00a0%`;
}
