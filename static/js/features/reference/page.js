/** The page that shows the API: each of its requests can be tried. */

import { byId, findAll } from "../../widgets/element.js";
import { Operation } from "./operation.js";

export function startReference() {
  const token = byId("token", HTMLInputElement);
  const tokenNow = () => token.value.trim();
  const operations = findAll(document, ".operation", HTMLElement).map((root) => new Operation(root, tokenNow));
  token.addEventListener("input", () => operations.forEach((operation) => operation.refresh()));
  openNamed();
  addEventListener("hashchange", openNamed);
}

/** Opens the request that the address names. */
function openNamed() {
  const named = document.getElementById(location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) named.open = true;
}
