/** Step 9: two classes, by one score and a sigmoid or by two scores and a softmax. */

import { say } from "../../text/catalogue.js";
import { round, softmax } from "../../widgets/matrix.js";
import { formatNumber, formatShare, formatTrimmed } from "../../widgets/numbers.js";
import { crossEntropy, sigmoid } from "./arithmetic.js";
import { choices, fill, part, pressed, slider } from "./parts.js";

const CLASSES = ["cat", "dog", "rabbit"];

/** @param {HTMLElement} root */
export function startClasses(root) {
  const write = (/** @type {number} */ score) => formatTrimmed(score, 1);
  const one = slider(root, "z", show, write);
  const each = CLASSES.map((name) => slider(root, name, show, write));
  const more = part(root, "more");
  choices(root, "truth", show);
  part(root, "equal").addEventListener("click", () => {
    each[0].value = 0;
    each[1].value = one.value;
    show();
  });
  more.addEventListener("click", () => {
    more.setAttribute("aria-pressed", String(!hasThird()));
    show();
  });

  function hasThird() {
    return more.getAttribute("aria-pressed") === "true";
  }

  function show() {
    const count = hasThird() ? 3 : 2;
    part(root, "third").hidden = count < 3;
    part(root, "line-each-rabbit").hidden = count < 3;
    const dog = sigmoid(one.value);
    const { shares } = softmax(each.slice(0, count).map((score) => score.value));
    const truth = pressed(root, "truth") === "dog" ? "dog" : "cat";
    showWay("one", [1 - dog, dog], truth);
    showWay("each", shares, truth);
    fill(root, { words: words(count) });
  }

  /**
   * @param {string} way
   * @param {number[]} shares
   * @param {"cat" | "dog"} truth
   */
  function showWay(way, shares, truth) {
    shares.forEach((share, i) => {
      const name = `${way}-${CLASSES[i]}`;
      fill(root, { [`share-${name}`]: formatShare(share) });
      part(root, `bar-${name}`).style.width = `${share * 100}%`;
      part(root, `line-${name}`).classList.toggle("is-winner", share === Math.max(...shares));
    });
    const share = shares[CLASSES.indexOf(truth)];
    fill(root, {
      [`${way}-sum`]: say(`classes.loss.${truth}`, { share: formatNumber(share, 4) }),
      [`${way}-loss`]: formatNumber(crossEntropy(share), 3),
    });
  }

  /** @param {number} count */
  function words(count) {
    if (count === 3) return say("classes.three");
    const difference = round(each[1].value - each[0].value, 1);
    const written = { difference: write(difference), score: write(one.value), dog: formatShare(sigmoid(one.value)) };
    return say(difference === one.value ? "classes.same" : "classes.other", written);
  }

  show();
}
