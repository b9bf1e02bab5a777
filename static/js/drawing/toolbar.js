/** The tools and their keys: one table of commands, reached by button and by key. */

import { singleKeysWork } from "../session/single-keys.js";
import { byId, findAll } from "../widgets/element.js";

/** @type {Record<string, number>} */
const WIDTHS = { "width-thin": 0.035, "width-medium": 0.055, "width-thick": 0.085 };
const WIDTH_NAMES = Object.keys(WIDTHS);

/** @typedef {() => void} Command */

/**
 * Keys without Ctrl. The paper's own keys (arrows, space) are in keyboard-pen.js.
 *
 * @type {Record<string, string>}
 */
const PLAIN_KEYS = {
  p: "pen",
  e: "eraser",
  z: "undo",
  y: "redo",
  c: "clear",
  delete: "clear",
  "[": "thinner",
  "]": "thicker",
  escape: "back",
  "?": "keys",
};

export class Toolbar {
  /** @type {Map<string, HTMLButtonElement>} */
  #buttons = new Map();
  #pad;
  /** @type {Record<string, Command>} */
  #commands;

  /**
   * `clear()` makes the paper empty, `back()` returns from a picture to the drawing;
   * `isDrawMode()` says whether the paper is shown.
   *
   * @param {HTMLElement} root
   * @param {import("./pad.js").Pad} pad
   * @param {{ clear: Command, back: Command, isDrawMode: () => boolean }} page
   */
  constructor(root, pad, { clear, back, isDrawMode }) {
    this.#pad = pad;
    this.#commands = {
      pen: () => this.#choose("pen"),
      eraser: () => this.#choose("eraser"),
      undo: () => pad.undo(),
      redo: () => pad.redo(),
      clear,
      thinner: () => this.#stepWidth(-1),
      thicker: () => this.#stepWidth(1),
      back,
      keys: toggleKeys,
    };
    for (const name of WIDTH_NAMES) this.#commands[name] = () => this.#setWidth(name);
    for (const button of findAll(root, "[data-action]", HTMLButtonElement)) {
      const { action = "" } = button.dataset;
      this.#buttons.set(action, button);
      button.addEventListener("click", () => this.#commands[action]());
    }
    addEventListener("keydown", (event) => {
      const name = commandOf(event);
      const isForPicture = name === "back" || name === "keys";
      if (name === undefined || (!isForPicture && !isDrawMode())) return;
      // Without a picture to go back from, Escape is the menu's.
      if (name === "back" && isDrawMode()) return;
      event.preventDefault();
      this.#commands[name]();
    });
  }

  /**
   * Which of the history's buttons can do something.
   *
   * @param {import("./drawing.js").Drawing} drawing
   */
  showHistory(drawing) {
    // aria-disabled rather than disabled: a button that vanishes under the focus loses the keyboard's place.
    const able = { undo: drawing.canUndo, redo: drawing.canRedo, clear: drawing.strokes.length > 0 };
    for (const [name, isAble] of Object.entries(able)) {
      this.#buttons.get(name)?.setAttribute("aria-disabled", String(!isAble));
    }
  }

  /** @param {import("./drawing.js").Tool} tool */
  #choose(tool) {
    this.#pad.tool = tool;
    for (const name of ["pen", "eraser"]) this.#press(name, name === tool);
  }

  /** @param {string} chosen */
  #setWidth(chosen) {
    this.#pad.width = WIDTHS[chosen];
    for (const name of WIDTH_NAMES) this.#press(name, name === chosen);
  }

  /** @param {number} step */
  #stepWidth(step) {
    const now = WIDTH_NAMES.findIndex((name) => WIDTHS[name] === this.#pad.width);
    this.#setWidth(WIDTH_NAMES[Math.min(WIDTH_NAMES.length - 1, Math.max(0, now + step))]);
  }

  /**
   * @param {string} name
   * @param {boolean} isPressed
   */
  #press(name, isPressed) {
    this.#buttons.get(name)?.setAttribute("aria-pressed", String(isPressed));
  }
}

/** @param {KeyboardEvent} event */
function commandOf(event) {
  const key = event.key.toLowerCase();
  if (event.altKey) return undefined;
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") return event.shiftKey ? "redo" : "undo";
    return key === "y" ? "redo" : undefined;
  }
  return key.length > 1 || singleKeysWork() ? PLAIN_KEYS[key] : undefined;
}

function toggleKeys() {
  const keys = byId("keys", HTMLDetailsElement);
  keys.open = !keys.open;
  if (keys.open) keys.scrollIntoView({ block: "nearest" });
}
