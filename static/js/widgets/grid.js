/** Moving through a grid by the arrow keys. */

/** The index that a key leads to from `index`, among `count` in rows of `columns`; undefined for other keys. */
export function indexForKey(key, index, count, columns) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (!(key in steps)) return undefined;
  if (index < 0) return 0;
  const next = index + steps[key];
  return next >= 0 && next < count ? next : index;
}
