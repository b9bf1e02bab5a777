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
  const { response, content } = await new Client(world).send(url, (found) => found.blob());
  if (response.ok && content.type.startsWith("image/")) return content;
  const { status } = response;
  throw new ApiError("refused", say(status === 404 ? "picture.gone" : "picture.loggedOut"), status);
}
