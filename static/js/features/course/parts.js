/** Finding and filling the parts of a step. */

import { find, findAll } from "../../widgets/element.js";

/**
 * @param {HTMLElement} root
 * @param {string} name
 */
export function part(root, name) {
  return find(root, selectorOf(name), HTMLElement);
}

/**
 * @param {HTMLElement} root
 * @param {string} name
 */
export function inputPart(root, name) {
  return find(root, selectorOf(name), HTMLInputElement);
}

/**
 * A part of a drawing.
 *
 * @param {HTMLElement} root
 * @param {string} name
 */
export function drawnPart(root, name) {
  return find(root, selectorOf(name), SVGElement);
}

/** @param {string} name */
function selectorOf(name) {
  return `[data-part="${name}"]`;
}

/**
 * Writes texts into the parts of those names.
 *
 * @param {HTMLElement} root
 * @param {Record<string, string>} texts
 */
export function fill(root, texts) {
  for (const [name, text] of Object.entries(texts)) part(root, name).textContent = text;
}

/**
 * The number of a slider, whose value is written beside it; `onChange(number)` follows it.
 *
 * @param {HTMLElement} root
 * @param {string} name
 * @param {(value: number) => void} onChange
 * @param {(value: number) => string} write
 */
export function slider(root, name, onChange, write = String) {
  const input = inputPart(root, name);
  const output = find(input.parentElement ?? root, ".slider-value", HTMLElement);
  const now = () => Number(input.value);
  const show = () => {
    const text = write(now());
    output.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
  input.addEventListener("input", () => {
    show();
    onChange(now());
  });
  show();
  return {
    get value() {
      return now();
    },
    set value(number) {
      input.value = String(number);
      show();
    },
  };
}

/**
 * Buttons of which one is pressed; `onChange(value)` follows. Returns what presses one by its value.
 *
 * @param {HTMLElement} root
 * @param {string} name
 * @param {(value: string) => void} onChange
 */
export function choices(root, name, onChange) {
  const buttons = findAll(part(root, name), "button", HTMLButtonElement);
  const press = (/** @type {string} */ value) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === value));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      press(button.value);
      onChange(button.value);
    });
  }
  return press;
}

/**
 * @param {HTMLElement} root
 * @param {string} name
 */
export function pressed(root, name) {
  return find(part(root, name), '[aria-pressed="true"]', HTMLButtonElement).value;
}
