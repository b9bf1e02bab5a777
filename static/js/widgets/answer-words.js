/** The server's answer in words. */

const SURE = 0.9;
const LIKELY = 0.6;

/** A probability as a percentage; only what is certain is called 100 %. */
export function percent(probability) {
  const rounded = (probability * 100).toFixed(1);
  return rounded === "100.0" && probability < 1 ? ">99.9\u00a0%" : `${rounded}\u00a0%`;
}

/** What is read "perhaps", and marked so among several. */
export function isUnsure({ confidence }) {
  return confidence < LIKELY;
}

export function withArticle(digit) {
  return digit === 8 ? "an 8" : `a ${digit}`;
}

/**
 * What the page says of an answer.
 *
 * `kind` is "digit", "number" or "refusal"; `shown` is what is written large ("" for a refusal);
 * `words` is the sentence and `detail` what stands below it; `warning` says that there is more, which
 * was not read; `spoken` is for screen readers alone, which would read a number's digits as millions.
 */
export function describe(answer) {
  if (answer.digits.length === 0) {
    return { kind: "refusal", shown: "", words: answer.refusal?.message ?? "I can't see a digit here", detail: "", warning: "", spoken: "" };
  }
  const words = answer.digits.length === 1 ? describeDigit(answer.digits[0]) : describeNumber(answer);
  return { ...words, warning: answer.left_out?.message ?? "" };
}

function describeDigit({ digit, confidence }) {
  const words = sentence(digit, confidence);
  return { kind: "digit", shown: String(digit), words, detail: `${percent(confidence)} sure`, spoken: "" };
}

function sentence(digit, confidence) {
  if (confidence >= SURE) return `This is ${withArticle(digit)}`;
  return `${confidence >= LIKELY ? "Probably" : "Perhaps"} ${withArticle(digit)}`;
}

function describeNumber({ digits, text, left_out }) {
  const least = digits.reduce((a, b) => (b.confidence < a.confidence ? b : a));
  const sureness =
    least.confidence >= SURE
      ? `Sure of each, ${percent(least.confidence)} at the least`
      : `Least sure of the ${ordinal(digits.indexOf(least) + 1)}, ${withArticle(least.digit)}: ${percent(least.confidence)}`;
  const count = `${digits.length} digits`;
  return { kind: "number", shown: text, words: left_out ? `The first ${count}` : count, detail: sureness, spoken: spell(text) };
}

/** "05\n22" as "0 5, 2 2". */
function spell(text) {
  return text
    .split("\n")
    .map((line) => [...line].join(" "))
    .join(", ");
}

function ordinal(number) {
  const ending = { 1: "st", 2: "nd", 3: "rd" }[number % 10];
  const isTeen = number % 100 >= 11 && number % 100 <= 13;
  return `${number}${ending && !isTeen ? ending : "th"}`;
}
