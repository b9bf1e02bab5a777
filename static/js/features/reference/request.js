/** A request to the API, from what a form holds. */

/**
 * What a form holds: the values of the fields for the path and the query, and the body.
 *
 * @typedef {{ name: string, place: string, value: string }} Given
 * @typedef {{ kind: "json", text: string } | { kind: "file", type: string, file: File | null }
 *   | { kind: "form", type: string, fields: [string, string | File][] }} Body
 * @typedef {{ method: string, url: string, headers: Record<string, string>, body: Body | null }} Asked
 */

const MULTIPART = "multipart/form-data";

/**
 * @param {{ method: string, path: string, given: Given[], body: Body | null, token: string }} form
 * @returns {Asked}
 */
export function requestOf({ method, path, given, body, token }) {
  const query = new URLSearchParams();
  let url = path;
  for (const { name, place, value } of given) {
    if (place === "path") url = url.replace(`{${name}}`, encodeURIComponent(value));
    else if (value !== "") query.append(name, value);
  }
  if (query.size > 0) url += `?${query}`;
  /** @type {Record<string, string>} */
  const headers = token === "" ? { Accept: "application/json" } : { Authorization: `Bearer ${token}` };
  if (body?.kind === "json") headers["Content-Type"] = "application/json";
  if (body?.kind === "file") headers["Content-Type"] = typeOf(body);
  return { method, url, headers, body };
}

/** @param {{ type: string, file: File | null }} body */
function typeOf({ type, file }) {
  // A range such as image/* is no type: the file says its own, or none.
  if (!type.endsWith("/*")) return type;
  return file?.type || "application/octet-stream";
}

/**
 * What `fetch` takes as the body.
 *
 * @param {Body | null} body
 */
export function contentOf(body) {
  if (body === null) return undefined;
  if (body.kind === "json") return body.text;
  if (body.kind === "file") return body.file ?? "";
  const form = body.type === MULTIPART ? new FormData() : new URLSearchParams();
  for (const [name, value] of body.fields) form.append(name, /** @type {string} */ (value));
  return form;
}
