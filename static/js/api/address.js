/** Addresses of single pictures, which templates give with an id that no picture has. */

const NO_ID = "00000000-0000-0000-0000-000000000000";

/**
 * @param {string} address
 * @param {string} id
 */
export function addressOf(address, id) {
  return address.replace(NO_ID, encodeURIComponent(id));
}
