/** The command for curl that sends a request. */

/**
 * @param {import("./request.js").Asked} asked
 * @param {string} origin
 * @param {boolean} isSaved whether the answer is a file
 */
export function curlOf({ method, url, headers, body }, origin, isSaved = false) {
  const parts = ["curl", ...(isSaved ? ["-OJ"] : []), ...partsOfBody(body)];
  const hasContent = parts.length > (isSaved ? 2 : 1);
  if (method !== "GET" && !hasContent) parts.push(`-X ${method}`);
  for (const [name, value] of Object.entries(headers)) {
    const isSaid = name === "Content-Type" && body?.kind === "json"; // by --json
    if (!isSaid) parts.push(`-H ${quote(`${name}: ${value}`)}`);
  }
  parts.push(quote(origin + url));
  return parts.join(" ");
}

/**
 * @param {import("./request.js").Body | null} body
 * @returns {string[]}
 */
function partsOfBody(body) {
  if (body === null) return [];
  if (body.kind === "json") return [`--json ${quote(body.text)}`];
  if (body.kind === "file") return [`--data-binary ${quote(`@${body.file?.name ?? "FILE"}`)}`];
  return body.fields.map(([name, value]) => {
    if (typeof value !== "string") return `-F ${quote(`${name}=@"${value.name.replace(/["\\]/g, "\\$&")}"`)}`;
    const isMultipart = body.type === "multipart/form-data";
    return isMultipart ? `--form-string ${quote(`${name}=${value}`)}` : `--data-urlencode ${quote(`${name}=${value}`)}`;
  });
}

/**
 * A text as one word of a shell.
 *
 * @param {string} text
 */
function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
