/** Buttons that copy what an element says. */

import { say } from "../../text/catalogue.js";
import { copyText } from "../../widgets/copy.js";
import { byId, find, findAll } from "../../widgets/element.js";

export function startCopyButtons() {
  for (const button of findAll(document, "[data-copies]", HTMLButtonElement)) {
    const words = find(button.parentElement ?? document, "[role=status]", HTMLElement);
    const text = byId(button.dataset.copies ?? "", HTMLElement).textContent ?? "";
    button.hidden = false;
    button.addEventListener("click", async () => {
      words.textContent = say((await copyText(text)) ? "token.copied" : "token.notCopied");
    });
  }
}
