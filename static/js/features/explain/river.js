/** The whole network in one row: every layer as a stack of its maps, to scale, and a tab to open it. */

import { formatCount, formatShape } from "../../widgets/numbers.js";
import { colourSprite, liveliestFirst, placeInSprite, scaleOf } from "./colouring.js";
import { el, pause, whenSeen } from "../../widgets/element.js";
import { longNameOf, shortNameOf } from "./words.js";

/** CSS pixels for one number of a map, and for the thickness that one map adds. */
const PIXEL = 2;
const THICKNESS = 0.3;

/** The height and width of layers that have no maps but single numbers. */
const COLUMN_HEIGHT = 96;
const COLUMN_WIDTH = 14;

/** Between two questions for a layer's maps. */
const PACE_MS = 20;

export class River {
  #list;
  #onChoose;
  #tabs = [];
  #explained = null;
  #run = 0;
  #chosen = 1;
  #seen = whenSeen(document.getElementById("river"), () => this.#paintAll());

  constructor(onChoose) {
    this.#list = document.getElementById("river");
    this.#onChoose = onChoose;
    this.#list.addEventListener("keydown", (event) => this.#keyed(event));
  }

  show(explained) {
    const { layers } = explained.answer;
    if (this.#tabs.length !== layers.length + 1) this.#build([{ index: 0, shape: [28, 28, 1], parameters: 0 }, ...layers]);
    this.#explained = explained;
    this.choose(Math.min(this.#chosen, layers.length));
    this.#seen.again();
  }

  repaint() {
    this.#seen.again();
  }

  choose(index) {
    this.#chosen = index;
    this.#tabs.forEach(({ tab }, i) => {
      tab.setAttribute("aria-selected", String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
    });
  }

  #build(layers) {
    this.#tabs = layers.map((layer) => {
      const canvas = el("canvas", { class: "slab" });
      const tab = el(
        "button",
        {
          type: "button",
          class: "river-tab",
          role: "tab",
          id: `tab-${layer.index}`,
          "aria-controls": "layer",
          "aria-label": `${layer.index}: ${longNameOf(layer)}, ${layer.shape.join(" by ")}, ${formatCount(layer.parameters)} parameters`,
          click: () => this.#onChoose(layer.index),
        },
        el("span", { class: "river-slab" }, canvas),
        el("span", { class: "river-name" }, shortNameOf(layer)),
        el("span", { class: "river-shape" }, formatShape(layer.shape.slice(0, 2)), layer.shape.length === 3 ? ` ×\u00a0${layer.shape[2]}` : ""),
      );
      return { tab, canvas, layer };
    });
    this.#list.replaceChildren(...this.#tabs.map(({ tab }) => tab));
  }

  /** One after the other, since a class shares one address and so one limit; the newest run counts. */
  async #paintAll() {
    const explained = this.#explained;
    if (explained === null) return;
    this.#run += 1;
    const mine = this.#run;
    for (const { canvas, layer } of this.#tabs) {
      const sprite = await explained.sprite(layer.index).catch(() => null);
      if (mine !== this.#run) return;
      if (sprite === null) continue;
      const colours = colourSprite(sprite, scaleOf(layer.index, sprite.range));
      if (layer.shape.length === 3) paintStack(canvas, colours, sprite, layer.shape);
      else paintColumn(canvas, colours, explained.answer, layer);
      await pause(PACE_MS);
    }
  }

  #keyed(event) {
    const last = this.#tabs.length - 1;
    const next = { ArrowLeft: this.#chosen - 1, ArrowRight: this.#chosen + 1, Home: 0, End: last }[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, next));
    this.#onChoose(index);
    this.#tabs[index].tab.focus();
  }
}

function prepare(canvas, width, height) {
  const scale = Math.max(2, devicePixelRatio);
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.imageSmoothingEnabled = false;
  context.strokeStyle = getComputedStyle(canvas).color;
  return context;
}

/** All maps, one behind the other, the liveliest in front: as thick as there are maps. */
function paintStack(canvas, colours, sprite, [rows, columns, count]) {
  const [width, height] = [columns * PIXEL, rows * PIXEL];
  const depth = (count - 1) * THICKNESS;
  const context = prepare(canvas, width + depth + 1, height + depth + 1);
  context.lineWidth = 0.5;
  const order = liveliestFirst(sprite);
  for (let level = count - 1; level >= 0; level -= 1) {
    const place = placeInSprite(sprite, order[level]);
    const [x, y] = [level * THICKNESS + 0.5, depth - level * THICKNESS + 0.5];
    context.drawImage(colours, place.x, place.y, place.width, place.height, x, y, width, height);
    // Every line would be a grey block: every fourth map, and the first and the last.
    context.globalAlpha = level === 0 || level === count - 1 ? 1 : 0.35;
    if (level % 4 === 0 || level === count - 1) context.strokeRect(x, y, width, height);
    context.globalAlpha = 1;
  }
}

/** Single numbers, one below the other; the last layers' ten are the digits. */
function paintColumn(canvas, colours, answer, layer) {
  const [count] = layer.shape;
  const hasDigits = count === 10;
  const context = prepare(canvas, COLUMN_WIDTH + (hasDigits ? 14 : 1), COLUMN_HEIGHT + 1);
  const step = COLUMN_HEIGHT / count;
  const { color, fontFamily } = getComputedStyle(canvas);
  for (let i = 0; i < count; i += 1) {
    context.drawImage(colours, i, 0, 1, 1, 0.5, i * step + 0.5, COLUMN_WIDTH, step);
    if (!hasDigits) continue;
    context.fillStyle = i === answer.digit ? getComputedStyle(canvas).getPropertyValue("--accent") : color;
    context.font = `${i === answer.digit ? 700 : 400} 9px ${fontFamily}`;
    context.fillText(String(i), COLUMN_WIDTH + 5, (i + 0.5) * step + 3.6);
  }
  context.lineWidth = 0.5;
  context.strokeRect(0.5, 0.5, COLUMN_WIDTH, COLUMN_HEIGHT);
}
