/**
 * The sentences that scripts show, by code, in the language of the page.
 *
 * Each language has a folder here, whose index.js exports `messages`. English is always there: what
 * another language lacks is said in English.
 */

import { messages as english } from "./en/index.js";
import { format } from "./format.js";

/** @typedef {keyof typeof english} Code */
/** @typedef {Record<string, import("./format.js").Message>} Messages */

/**
 * The messages of a language, on top of the English ones.
 *
 * @param {string} language a code such as "en" or "ko"
 * @param {(language: string) => Promise<{ messages: Messages }>} load
 * @returns {Promise<Messages>}
 */
export async function messagesIn(language, load = (folder) => import(`./${folder}/index.js`)) {
  if (language === "en") return english;
  try {
    return { ...english, ...(await load(language)).messages };
  } catch {
    return english;
  }
}

/** The page's language with its region, for numbers and dates. */
export const locale = globalThis.document?.documentElement.lang || "en-GB";

const [language] = locale.split("-");
const messages = await messagesIn(language);

/**
 * The sentence with this code; `values` are put where it names them in braces.
 *
 * @param {Code} code
 * @param {import("./format.js").Values} [values]
 */
export function say(code, values = {}) {
  return format(messages[code], values, language);
}

/**
 * Whether there is a sentence with this code: for codes that are made from what the server names.
 *
 * @param {string} code
 * @returns {code is Code}
 */
export function isCode(code) {
  return code in messages;
}
