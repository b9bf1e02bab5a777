/** A stored picture. */

import { say } from "../text/catalogue.js";
import { Client } from "./client.js";
import { ApiError } from "./error.js";

/**
 * The picture at an address of the gallery. Throws an ApiError where there is none for this person.
 *
 * @param {string} url
 * @param {import("./client.js").World} [world]
 */
export async function loadPicture(url, world) {
  const response = await new Client(world).send(url);
  const isPicture = response.headers.get("Content-Type")?.startsWith("image/");
  if (response.ok && isPicture) return response.blob();
  const { status } = response;
  throw new ApiError("refused", say(status === 404 ? "picture.gone" : "picture.loggedOut"), status);
}
