/** A class and how many pictures of it there are, as an item of a list. */

import { say } from "../../text/catalogue.js";
import { el } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";

/**
 * @param {string} name
 * @param {number} count
 */
export function classCount(name, count) {
  const shown = name === "none" ? say("collect.noDigit") : name;
  return el("li", {}, say("collect.class", { name: shown, shown: formatCount(count) }));
}
