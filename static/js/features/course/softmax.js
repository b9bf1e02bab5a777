/** Step 8: scores become probabilities. */

import { say } from "../../text/catalogue.js";
import { softmax, sum } from "../../widgets/matrix.js";
import { formatShare, formatTrimmed } from "../../widgets/numbers.js";
import { sigmoid } from "./arithmetic.js";
import { fill, part, slider } from "./parts.js";

const NAMES = ["a", "b", "c"];
const LIMIT = 5;

/** @param {HTMLElement} root */
export function startSoftmax(root) {
  const sliders = NAMES.map((name) => slider(root, `score-${name}`, show, (score) => formatTrimmed(score, 1)));

  for (const [name, step] of Object.entries({ up: 1, down: -1 })) {
    part(root, name).addEventListener("click", () => {
      // All or none: what one of them cannot follow would change the differences.
      if (sliders.some((each) => Math.abs(each.value + step) > LIMIT)) return;
      for (const each of sliders) each.value += step;
      show();
    });
  }

  function show() {
    const scores = sliders.map((each) => each.value);
    const { powers, total, shares } = softmax(scores);
    const separate = scores.map(sigmoid);
    NAMES.forEach((name, i) => {
      fill(root, {
        [`power-${name}`]: formatTrimmed(powers[i], 2),
        [`share-${name}`]: formatShare(shares[i]),
        [`alone-${name}`]: formatShare(separate[i]),
      });
      part(root, `share-bar-${name}`).style.width = `${shares[i] * 100}%`;
      part(root, `alone-bar-${name}`).style.width = `${separate[i] * 100}%`;
    });
    const best = shares.indexOf(Math.max(...shares));
    const example = {
      score: formatTrimmed(scores[0], 1),
      power: formatTrimmed(powers[0], 2),
      total: formatTrimmed(total, 2),
      share: formatShare(shares[0]),
    };
    fill(root, {
      "power-total": example.total,
      "alone-total": formatShare(sum(separate)),
      example: say("softmax.example", example),
    });
    NAMES.forEach((name, i) => part(root, `line-${name}`).classList.toggle("is-winner", i === best));
  }

  show();
}
