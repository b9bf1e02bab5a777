/** What somebody has chosen to upload, sorted by names alone: the server looks into the files. */

/** @typedef {{ name: string, file: Blob }} Named */

/**
 * `classes` counts pictures by the class that their folder names; `unlabelled` are those without such a
 * folder; `packed` ZIPs and files of arrays; `tables` files named labels.csv; `bytes` is what all have.
 *
 * @typedef {object} Chosen
 * @property {number} count
 * @property {number} bytes
 * @property {Map<string, number>} classes
 * @property {number} unlabelled
 * @property {number} packed
 * @property {number} tables
 */

/** The classes, in the order in which they are shown. */
export const CLASSES = [..."0123456789", "none"];

const TABLE = "labels.csv";
const PACKED = /\.(zip|npz|npy)$|idx\d-ubyte(\.gz)?$|\.idx\d?(\.gz)?$/i;

/**
 * The class that a path's folders name, the nearest first; null where none does.
 *
 * @param {string} path
 */
export function classOf(path) {
  const folders = path.split("/").slice(0, -1);
  return folders.findLast((folder) => CLASSES.includes(folder)) ?? null;
}

/**
 * @param {Named[]} files
 * @returns {Chosen}
 */
export function sortChosen(files) {
  const counted = new Map(CLASSES.map((name) => [name, 0]));
  const chosen = { count: files.length, bytes: 0, classes: counted, unlabelled: 0, packed: 0, tables: 0 };
  for (const { name, file } of files) {
    chosen.bytes += file.size;
    const found = classOf(name);
    if (name.split("/").at(-1)?.toLowerCase() === TABLE) chosen.tables += 1;
    else if (PACKED.test(name)) chosen.packed += 1;
    else if (found === null) chosen.unlabelled += 1;
    else counted.set(found, (counted.get(found) ?? 0) + 1);
  }
  return { ...chosen, classes: new Map([...counted].filter(([, count]) => count > 0)) };
}
