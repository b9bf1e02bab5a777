import assert from "node:assert/strict";
import { test } from "node:test";

import { Drawing, strokesFromText, strokesToText } from "../../../static/js/drawing/drawing.js";

const pen = (x) => ({ tool: "pen", width: 0.05, points: [[x, 0.5]] });
const eraser = { tool: "eraser", width: 0.1, points: [[0.5, 0.5]] };

test("strokes are undone last first and come back in their order", () => {
  const drawing = Drawing.fromStrokes([pen(0.1), pen(0.2)]);
  drawing.undo();
  assert.deepEqual(drawing.strokes, [pen(0.1)]);
  drawing.undo();
  assert.deepEqual(drawing.strokes, []);
  drawing.redo();
  drawing.redo();
  assert.deepEqual(drawing.strokes, [pen(0.1), pen(0.2)]);
});

test("undo at the beginning and redo at the end do nothing", () => {
  const drawing = Drawing.fromStrokes([pen(0.1)]);
  drawing.redo();
  assert.deepEqual(drawing.strokes, [pen(0.1)]);
  drawing.undo();
  drawing.undo();
  assert.deepEqual(drawing.strokes, []);
  assert.equal(drawing.canUndo, false);
  assert.equal(drawing.canRedo, true);
});

test("clearing can be undone", () => {
  const drawing = Drawing.fromStrokes([pen(0.1), pen(0.2)]);
  drawing.clear();
  assert.deepEqual(drawing.strokes, []);
  drawing.undo();
  assert.deepEqual(drawing.strokes, [pen(0.1), pen(0.2)]);
});

test("clearing an empty paper is not a step", () => {
  const drawing = new Drawing();
  drawing.clear();
  assert.equal(drawing.canUndo, false);
});

test("a new stroke after an undo forgets what was undone", () => {
  const drawing = Drawing.fromStrokes([pen(0.1), pen(0.2)]);
  drawing.undo();
  drawing.add(pen(0.3));
  assert.equal(drawing.canRedo, false);
  assert.deepEqual(drawing.strokes, [pen(0.1), pen(0.3)]);
});

test("only a pen leaves ink", () => {
  assert.equal(new Drawing().hasInk, false);
  assert.equal(Drawing.fromStrokes([eraser]).hasInk, false);
  assert.equal(Drawing.fromStrokes([eraser, pen(0.1)]).hasInk, true);
});

test("strokes survive being kept as text", () => {
  const strokes = [pen(0.1234), eraser];
  assert.deepEqual(strokesFromText(strokesToText(strokes)), strokes);
});

test("kept points are rounded", () => {
  const [stroke] = strokesFromText(strokesToText([pen(1 / 3)]));
  assert.deepEqual(stroke.points, [[0.3333, 0.5]]);
});

for (const text of [
  "",
  "nonsense",
  "null",
  "{}",
  "[null]",
  '[{"tool":"brush","width":0.1,"points":[[0,0]]}]',
  '[{"tool":"pen","width":null,"points":[[0,0]]}]',
  '[{"tool":"pen","width":0.1,"points":[]}]',
  '[{"tool":"pen","width":0.1,"points":[[0,"1"]]}]',
]) {
  test(`a text that is not a drawing gives an empty one: ${text}`, () => {
    assert.deepEqual(strokesFromText(text), []);
  });
}
