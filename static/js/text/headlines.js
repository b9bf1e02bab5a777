/** What stands above the explanation of an error. */

import { isCode, say } from "./catalogue.js";

/**
 * @param {{ kind: string }} error
 * @param {import("./catalogue.js").Code} refused the headline where the server refuses
 */
export function headlineOf({ kind }, refused) {
  if (kind === "refused") return say(refused);
  const code = `headline.${kind}`;
  return say(isCode(code) ? code : "headline.broken");
}
