/** Addresses: of single things, which templates give with an id that nothing has, and with a query. */

const NO_ID = "00000000-0000-0000-0000-000000000000";

/**
 * @param {string} address
 * @param {string} id
 */
export function addressOf(address, id) {
  return address.replace(NO_ID, encodeURIComponent(id));
}

/**
 * An address with more in its query.
 *
 * @param {string} address
 * @param {Record<string, string | number>} values
 */
export function withQuery(address, values) {
  const query = new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)]));
  return `${address}${address.includes("?") ? "&" : "?"}${query}`;
}
