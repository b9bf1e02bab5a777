/** Watches the server for the page, and shows the connection's state in its header. */

import { Connection } from "./connection.js";

const PATIENCE_MS = 5000;
const WORDS = { connecting: "", up: "Connected", down: "Server away" };

export function watchServer() {
  const url = document.body.dataset.statusUrl;
  const connection = new Connection(() => answers(url));
  const badge = document.getElementById("connection");
  connection.subscribe((state) => {
    badge.dataset.state = state;
    badge.querySelector(".connection-words").textContent = WORDS[state];
  });
  addEventListener("online", () => connection.checkNow());
  addEventListener("offline", () => connection.reportSilence());
  // A page in the background has its timers slowed: what it knows may be old when it is shown again.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") connection.checkNow();
  });
  connection.checkNow();
  return connection;
}

async function answers(url) {
  try {
    const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return response.ok;
  } catch {
    return false;
  }
}
