/** One picture's page: its moment in the reader's own time. */

import { startHeader } from "../../session/header.js";

startHeader();

const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });
for (const time of document.querySelectorAll("time[datetime]")) {
  time.textContent = format.format(new Date(time.dateTime));
}
