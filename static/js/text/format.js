/** Messages with their values filled in. */

/**
 * Words that depend on a number: `plural` (or `ordinal`, for "1st, 2nd, 3rd") names the value that decides.
 * Its form is the one for exactly that number ("=8"), else that of the language's plural category
 * ("one", "few", …, as Intl.PluralRules gives them), else "other".
 *
 * @typedef {{ plural?: string, ordinal?: string, forms: Record<string, string> }} Forms
 */

/**
 * A text, with the names of its values in braces; or forms of one.
 *
 * @typedef {string | Forms} Message
 * @typedef {Record<string, string | number>} Values
 */

/**
 * @param {Message} message
 * @param {Values} values
 * @param {string} language
 */
export function format(message, values, language) {
  const text = typeof message === "string" ? message : formOf(message, values, language);
  return text.replace(/\{(\w+)\}/g, (braces, name) => (name in values ? String(values[name]) : braces));
}

/**
 * @param {Forms} message
 * @param {Values} values
 * @param {string} language
 */
function formOf({ plural, ordinal, forms }, values, language) {
  const number = Number(values[plural ?? ordinal ?? ""]);
  const rules = new Intl.PluralRules(language, { type: ordinal === undefined ? "cardinal" : "ordinal" });
  return forms[`=${number}`] ?? forms[rules.select(number)] ?? forms.other;
}
