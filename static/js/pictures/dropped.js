/** The files that a drop or a paste brings, those in folders included. */

/** @typedef {import("./file-queue.js").Named} Named */

/**
 * `hidden` counts files that systems put into folders by themselves; `unreadable` files and folders that
 * the browser may not open; `beyond` files after the most that are taken; `folders` the folders.
 *
 * @typedef {{ files: Named[], folders: number, hidden: number, unreadable: number, beyond: number }} Brought
 */

/** More would be a list that nobody looks through. */
export const MOST_FILES = 1000;

/** Files of a folder that are opened at the same time. */
const AT_ONCE = 50;

const LEFT_BY_SYSTEMS = new Set(["thumbs.db", "desktop.ini"]);

/** Compares names as people count: scan_9 before scan_10. */
const { compare: inOrder } = new Intl.Collator(undefined, { numeric: true });

/**
 * What a transfer brings, at most `most` files of it. To be called in its event, after which the transfer is empty.
 *
 * @param {DataTransfer | null} transfer
 * @param {number} [most]
 * @returns {Promise<Brought>}
 */
export function filesOfTransfer(transfer, most = MOST_FILES) {
  const items = [...(transfer?.items ?? [])].filter(({ kind }) => kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = items.map((item) => item.getAsFile());
  return gather(entries.map((entry, i) => ({ entry, file: files[i] })), most);
}

/**
 * What was chosen: files, or a folder, whose files say where in it they are.
 *
 * @param {Iterable<File>} chosen
 * @param {{ isFolder: boolean, most?: number }} how
 * @returns {Brought}
 */
export function filesChosen(chosen, { isFolder, most = MOST_FILES }) {
  const files = [...chosen].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
  if (isFolder) files.sort((a, b) => inOrder(a.name, b.name));
  return sifted({ files, folders: isFolder ? 1 : 0, hidden: 0, unreadable: 0, beyond: 0 }, most);
}

/**
 * @param {{ entry: FileSystemEntry | null, file: File | null }[]} items
 * @param {number} most
 */
async function gather(items, most) {
  /** @type {Brought} */
  const brought = { files: [], folders: 0, hidden: 0, unreadable: 0, beyond: 0 };
  for (const { entry, file } of items) {
    if (entry?.isDirectory) await openFolder(/** @type {FileSystemDirectoryEntry} */ (entry), brought);
    else if (file !== null) brought.files.push({ name: file.name, file });
    else brought.unreadable += 1;
  }
  return sifted(brought, most);
}

/**
 * @param {FileSystemDirectoryEntry} folder
 * @param {Brought} brought
 */
async function openFolder(folder, brought) {
  brought.folders += 1;
  try {
    const entries = await entriesOf(folder);
    for (let begin = 0; begin < entries.length; begin += AT_ONCE) {
      const some = entries.slice(begin, begin + AT_ONCE);
      const opened = await Promise.all(some.map((entry) => (entry.isDirectory ? null : openFile(entry))));
      for (const [i, entry] of some.entries()) {
        const file = opened[i];
        if (entry.isDirectory) await openFolder(/** @type {FileSystemDirectoryEntry} */ (entry), brought);
        else if (file) brought.files.push({ name: entry.fullPath.replace(/^\//, ""), file });
        else brought.unreadable += 1;
      }
    }
  } catch {
    brought.unreadable += 1;
  }
}

/**
 * The file of an entry, or null where the browser may not open it.
 *
 * @param {FileSystemEntry} entry
 * @returns {Promise<File | null>}
 */
function openFile(entry) {
  const { file } = /** @type {FileSystemFileEntry} */ (entry);
  return new Promise((resolve) => {
    file.call(entry, resolve, () => resolve(null));
  });
}

/**
 * All entries of a folder by name, which come in parts.
 *
 * @param {FileSystemDirectoryEntry} folder
 */
async function entriesOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const part = await new Promise((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (part.length === 0) break;
    all.push(...part);
  }
  return all.sort((a, b) => inOrder(a.name, b.name));
}

/**
 * Leaves out of folders what systems put there, and what is too much.
 *
 * @param {Brought} brought
 * @param {number} most
 * @returns {Brought}
 */
function sifted(brought, most) {
  const shown = brought.files.filter(({ name }) => !(name.includes("/") && isHidden(name)));
  const files = shown.slice(0, most);
  return { ...brought, files, hidden: brought.files.length - shown.length, beyond: shown.length - files.length };
}

/** @param {string} path */
function isHidden(path) {
  const name = path.split("/").at(-1) ?? "";
  return name.startsWith(".") || path.startsWith("__MACOSX/") || LEFT_BY_SYSTEMS.has(name.toLowerCase());
}
