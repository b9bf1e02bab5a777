/** Step 14: a network that says of every point of a page what it is. */

import { ApiError } from "../../api/error.js";
import { Mapper } from "../../api/map.js";
import { hasInk, strokesFromText, strokesToText } from "../../drawing/drawing.js";
import { keep, kept } from "../../session/keep.js";
import { say } from "../../text/catalogue.js";
import { greyLevelsOf } from "../../widgets/canvas.js";
import { find } from "../../widgets/element.js";
import { mapped, numberAt, placeOfHighest, windowAt, winnerOf } from "../../widgets/matrix.js";
import { formatShare } from "../../widgets/numbers.js";
import { paintKinds } from "../../widgets/patterns.js";
import { onColoursChange } from "../../widgets/scales.js";
import { whenSeen } from "../../widgets/when-seen.js";
import { Desk } from "./desk.js";
import { MapFigure, placeInWords, placeIs } from "./map-figure.js";
import { choices, fill, part, pressed } from "./parts.js";
import { READY_MADE_PAGE } from "./ready-made-page.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {import("../../widgets/patterns.js").Kind} Kind */
/** @typedef {{ maps: Matrix[], likeliest: Matrix, levels: Matrix[] }} Shown */

const KEPT_PAGE = "digitnet.page";
/** Several things have to find room. */
const PEN = 0.024;
const FULL = 255;
/** Sides of a pattern's sample, in points of a map. */
const SAMPLE = { rows: 4, columns: 7 };
/** @type {Kind[]} */
const KINDS = ["paper", "digit", "other", "outside"];
const LEVELS = 9;

/**
 * @param {HTMLElement} root
 * @param {import("./page.js").Course} course
 */
export function startPoints(root, { page, mapUrl, connection }) {
  const mapper = new Mapper(mapUrl);
  const problem = find(root, ".step-problem", HTMLElement);
  const map = new MapFigure(part(root, "map"), choose);
  const figures = Array.from({ length: LEVELS }, (_, i) => new MapFigure(part(root, `level-${i}`)));
  const desk = new Desk(part(root, "desk"), {
    onChange: ({ strokes }) => {
      keep(KEPT_PAGE, strokes === READY_MADE_PAGE ? "" : strokesToText(strokes));
      seen.again();
    },
    showReadyMade: (pad) => pad.show(READY_MADE_PAGE),
  });
  /** @type {Shown | null} */
  let shown = null;
  let isOwed = false;
  const seen = whenSeen(root, ask);
  choices(root, "shown", show);
  paintKey();
  onColoursChange(paintKey);

  async function ask() {
    const { isCurrent, toPicture } = desk.take();
    try {
      const answer = await mapper.ask(await toPicture());
      if (answer === null || !isCurrent()) return;
      await accept(answer, isCurrent);
      connection.reportAnswer();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isCurrent()) complain(error);
    }
  }

  /**
   * @param {import("../../api/map.js").PageMap} answer
   * @param {() => boolean} isCurrent
   */
  async function accept({ map: { shape, image }, levels: described }, isCurrent) {
    const [sheet, ...levels] = await Promise.all([image, ...described.map((level) => level.image)].map(greyLevelsOf));
    if (!isCurrent()) return;
    const [count, height, width] = shape;
    const maps = Array.from({ length: count }, (_, i) => windowAt(sheet, i * height, 0, height, width));
    const likeliest = mapped(maps[0], (_, at) => winnerOf(maps.map(({ values }) => values[at]), "max"));
    const isFirst = shown === null;
    shown = { maps, likeliest, levels };
    isOwed = false;
    problem.hidden = true;
    described.forEach(({ channels }, i) => {
      figures[i].show(levels[i], { kind: "positive", limit: FULL });
      fill(root, { [`channels-${i}`]: say("points.maps", { count: channels }) });
    });
    show();
    if (isFirst) map.choose(...placeOfHighest(maps[KINDS.indexOf("digit")]));
    else map.chooseAgain();
  }

  function show() {
    if (shown === null) return;
    const name = pressed(root, "shown");
    const at = KINDS.indexOf(/** @type {Kind} */ (name));
    if (at < 0) map.showKinds(shown.likeliest, KINDS);
    else map.show(shown.maps[at], { kind: "positive", limit: FULL });
  }

  /** @type {import("./map-figure.js").OnChoose} */
  function choose(row, column) {
    if (shown === null) return "";
    const { maps, likeliest, levels } = shown;
    map.mark(row, column);
    levels.forEach(({ rows, columns }, i) => {
      const { rows: height, columns: width } = likeliest;
      figures[i].mark(Math.floor((row * rows) / height), Math.floor((column * columns) / width));
    });
    const shares = maps.map((each) => numberAt(each, row, column) / FULL);
    const best = numberAt(likeliest, row, column);
    KINDS.forEach((name, i) => {
      fill(root, { [`share-${name}`]: formatShare(shares[i]) });
      part(root, `bar-${name}`).style.width = `${shares[i] * 100}%`;
      part(root, `line-${name}`).classList.toggle("is-winner", i === best);
    });
    const meaning = say(`points.${KINDS[best]}`, { share: formatShare(shares[best]) });
    const words = placeIs(placeInWords(row, column), meaning);
    fill(root, { place: words });
    return words;
  }

  function paintKey() {
    const { rows, columns } = SAMPLE;
    KINDS.forEach((name, i) => {
      const canvas = find(root, `[data-part="key-${name}"]`, HTMLCanvasElement);
      paintKinds(canvas, { rows, columns, values: Array(rows * columns).fill(i) }, KINDS);
    });
  }

  /** @param {ApiError} error */
  function complain(error) {
    isOwed = error.isAway;
    problem.hidden = false;
    problem.textContent = error.isAway ? say("course.away") : error.message;
    if (error.isAway) connection.reportSilence();
  }

  connection.subscribe((state) => {
    if (state === "up" && isOwed) seen.again();
  });
  page.follow((picture) => {
    desk.lay(picture);
    seen.again();
  });
  desk.pad.width = PEN;
  const strokes = strokesFromText(kept(KEPT_PAGE));
  desk.pad.show(hasInk(strokes) ? strokes : READY_MADE_PAGE);
}
