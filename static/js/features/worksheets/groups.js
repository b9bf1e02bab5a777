/** Pictures in groups, each small enough for one request on a slow line. */

/** Bytes of one request. */
const MOST_BYTES = 12_000_000;
const MOST_FILES = 20;

/**
 * @template {{ size: number }} F
 * @param {F[]} files
 * @returns {F[][]}
 */
export function groupFiles(files) {
  /** @type {F[][]} */
  const groups = [];
  let bytes = 0;
  for (const file of files) {
    const last = groups.at(-1);
    if (last === undefined || last.length === MOST_FILES || bytes + file.size > MOST_BYTES) {
      groups.push([file]);
      bytes = file.size;
    } else {
      last.push(file);
      bytes += file.size;
    }
  }
  return groups;
}
