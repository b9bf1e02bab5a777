/** Asks the server for questions of arithmetic. */

import { withQuery } from "./address.js";
import { Client } from "./client.js";

const TRIES = 4;

/**
 * What stands before and after the answer, its digits, and how many figures are to be counted (0: none).
 *
 * @typedef {{ before: string, after: string, answer: string, figures: number }} Question
 */

/**
 * The questions that a query asks for. Throws an ApiError.
 *
 * @param {string} url
 * @param {URLSearchParams} query
 * @param {import("./client.js").World} [world]
 * @returns {Promise<Question[]>}
 */
export async function askForQuestions(url, query, world) {
  const { questions } = await new Client(world).get(withQuery(url, Object.fromEntries(query)), { tries: TRIES });
  return questions;
}
