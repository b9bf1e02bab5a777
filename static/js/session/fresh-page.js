/** The page as the server has it by now, in place of the one that is shown. */

import { readText } from "../api/client.js";

/**
 * The document at the page's own address. Where that is not to be had, the browser loads it, and null is returned.
 * Throws an ApiError where there is no answer.
 *
 * @param {import("../api/client.js").Client} client
 */
export async function fetchPage(client) {
  const headers = { Accept: "text/html" };
  const { response, content } = await client.send(location.href, readText, { headers, cache: "no-store" });
  const page = new DOMParser().parseFromString(content, "text/html");
  if (response.ok && !response.redirected && page.getElementById("main") !== null) return page;
  location.reload();
  return null;
}

/**
 * Shows the main part of a document in place of this page's, and reads it out.
 *
 * @param {Document} page
 */
export function showMain(page) {
  const [main, fresh] = [document, page].map((one) => one.getElementById("main"));
  if (main === null || fresh === null) return;
  main.replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  fresh.focus();
}
