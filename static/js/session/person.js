/** Who is logged in on this page, and what is sent in their name. */

import { Client, readText } from "../api/client.js";
import { ApiError } from "../api/error.js";
import { Sender } from "../api/sender.js";
import { say } from "../text/catalogue.js";
import { find } from "../widgets/element.js";

/** The name of the person, or undefined for a visitor. */
export function personName() {
  return document.body.dataset.person;
}

/** A sender for this page; a fresh token comes from the start page, as it did with this one. */
export function pageSender() {
  return new Sender({ token: tokenOf(document), renew: renewFromServer });
}

async function renewFromServer() {
  const page = await fetchStartPage();
  const { person } = page.body.dataset;
  if (person === undefined) throw new ApiError("loggedOut", say("error.loggedOut"));
  if (person !== personName()) throw new ApiError("replaced", say("error.replaced", { person }));
  return tokenOf(page);
}

async function fetchStartPage() {
  const { href } = find(document, ".site-name", HTMLAnchorElement);
  const { content } = await new Client().send(href, readText, { cache: "no-store" });
  return new DOMParser().parseFromString(content, "text/html");
}

/** @param {Document} page */
function tokenOf(page) {
  return page.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}
