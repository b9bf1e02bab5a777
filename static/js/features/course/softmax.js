/** Step 7: scores become probabilities. */

import { sigmoid, softmax, sum } from "./arithmetic.js";
import { write, writePercent } from "./numbers.js";
import { fill, part, slider } from "./parts.js";

const NAMES = ["a", "b", "c"];
const LIMIT = 5;

export function startSoftmax(root) {
  const sliders = NAMES.map((name) => slider(root, `score-${name}`, show, (score) => write(score, 1)));

  for (const [name, step] of [["up", 1], ["down", -1]]) {
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
      fill(root, { [`power-${name}`]: write(powers[i], 2), [`share-${name}`]: writePercent(shares[i]), [`alone-${name}`]: writePercent(separate[i]) });
      part(root, `share-bar-${name}`).style.width = `${shares[i] * 100}%`;
      part(root, `alone-bar-${name}`).style.width = `${separate[i] * 100}%`;
    });
    const best = shares.indexOf(Math.max(...shares));
    fill(root, {
      "power-total": write(total, 2),
      "alone-total": writePercent(sum(separate)),
      example: `The first row in full: e to the power of ${write(scores[0], 1)} is ${write(powers[0], 2)}; divided by ${write(total, 2)} that is ${writePercent(shares[0])}.`,
    });
    NAMES.forEach((name, i) => part(root, `line-${name}`).classList.toggle("is-winner", i === best));
  }

  show();
}
