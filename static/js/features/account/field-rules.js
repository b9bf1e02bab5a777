/** What is wrong with a field, by the rules in its data attributes, which carry the sentences. */

/** Control characters and the like: nobody could see or type them. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u;

/** @typedef {Record<string, string | undefined>} Rules as `dataset` has them */

/**
 * The sentence for what is wrong with a value, or "". `other` is the value of the field that it repeats.
 *
 * @param {string} value
 * @param {Rules} rules
 * @param {string} [other]
 */
export function faultOf(value, rules, other = "") {
  if (rules.ruleDifferent !== undefined) return value === other ? "" : rules.ruleDifferent;
  if (value === "") return rules.ruleMissing ?? "";
  // The server counts characters, not the halves of rare ones.
  const length = [...value].length;
  const isTooShort = length < Number(rules.ruleLeast ?? 0);
  if (isTooShort || length > Number(rules.ruleMost ?? Infinity)) return rules.ruleLength ?? "";
  if (rules.ruleSpaces !== undefined && value !== value.trim()) return rules.ruleSpaces;
  if (rules.ruleUnprintable !== undefined && UNPRINTABLE.test(value)) return rules.ruleUnprintable;
  return "";
}
