/** Moments in the reader's own time. */

import { locale } from "../../text/catalogue.js";
import { findAll } from "../../widgets/element.js";

export function showLocalTimes() {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  for (const time of findAll(document, "time[datetime]", HTMLTimeElement)) {
    time.textContent = format.format(new Date(time.dateTime));
  }
}
