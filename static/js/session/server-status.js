/** Watches the server for the page, and shows the connection's state in its header. */

import { Client, readText } from "../api/client.js";
import { say } from "../text/catalogue.js";
import { byId, find } from "../widgets/element.js";
import { Connection } from "./connection.js";

const PATIENCE_MS = 5000;

export function watchServer() {
  const client = new Client();
  const url = document.body.dataset.statusUrl ?? "";
  const connection = new Connection(() => answers(client, url));
  const badge = byId("connection", HTMLElement);
  connection.subscribe((state) => {
    badge.dataset.state = state;
    find(badge, ".connection-words", HTMLElement).textContent = say(`connection.${state}`);
  });
  addEventListener("online", () => connection.checkNow());
  addEventListener("offline", () => connection.reportSilence());
  // A page in the background has its timers slowed: what it knows may be old when it is shown again.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") connection.checkNow();
  });
  // A page that has just come over the line need not ask whether there is anybody; later, so that all have subscribed.
  if (cameOverTheLine()) setTimeout(() => connection.reportAnswer());
  else connection.checkNow();
  return connection;
}

/** Whether the server has sent this page: a way back may find it in the browser's cache. */
function cameOverTheLine() {
  const [visit] = performance.getEntriesByType("navigation");
  return visit instanceof PerformanceNavigationTiming && visit.transferSize > 0;
}

/**
 * @param {Client} client
 * @param {string} url
 */
async function answers(client, url) {
  try {
    const { response } = await client.send(url, readText, { cache: "no-store", patience: PATIENCE_MS });
    return response.ok;
  } catch {
    return false;
  }
}
