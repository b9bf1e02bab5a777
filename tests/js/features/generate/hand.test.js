import assert from "node:assert/strict";
import { test } from "node:test";

import { Hand } from "../../../../static/js/features/generate/hand.js";

/** @type {import("../../../../static/js/drawing/drawing.js").Stroke[]} */
const LINE = [{ tool: "pen", width: 0.07, points: [[0.5, 0.2], [0.5, 0.8]] }];
/** @type {import("../../../../static/js/drawing/drawing.js").Stroke[]} */
const RUBBED = [{ tool: "eraser", width: 0.07, points: [[0.5, 0.5]] }];

test("boxes are counted in which a pen has written", () => {
  const hand = new Hand(5);
  hand.set("7", 1, LINE);
  hand.set("7", 4, LINE);
  hand.set("7", 2, RUBBED);
  assert.equal(hand.count("7"), 2);
  assert.equal(hand.count("1"), 0);
  assert.deepEqual(hand.samples(), [["7", [LINE, LINE]]]);
  hand.set("7", 1, []);
  assert.deepEqual(hand.samples(), [["7", [LINE]]]);
});

test("what was kept comes back, box by box", () => {
  const hand = new Hand(5);
  hand.set("3", 4, LINE);
  const back = Hand.fromText(hand.toText(), 5);
  assert.deepEqual(back.row("3"), [[], [], [], [], LINE]);
  assert.deepEqual(back.samples(), hand.samples());
});

test("what is no sheet is an empty one", () => {
  for (const text of ["", "{", "null", "7", '{"3": 7}', '{"3": [7, "[{}]"]}']) {
    assert.deepEqual(Hand.fromText(text, 5).samples(), [], text);
  }
});

test("the next digit is the next one that is not full", () => {
  const hand = new Hand(1);
  assert.equal(hand.after("0"), "1");
  assert.equal(hand.after("9"), "0");
  for (const digit of "012345678") hand.set(digit, 0, LINE);
  assert.equal(hand.after("3"), "9");
  assert.equal(hand.after("9"), "9");
  hand.set("9", 0, LINE);
  assert.equal(hand.after("9"), null);
});

test("digits that were sent are passed over, unless they were begun again", () => {
  const hand = new Hand(2);
  assert.equal(hand.after("9", "01"), "2");
  hand.set("0", 1, LINE);
  assert.equal(hand.after("9", "01"), "0");
  assert.equal(hand.after("0", "123456789"), "0");
  assert.equal(new Hand(2).after("0", "0123456789"), null);
});

test("what was sent leaves the sheet, and the rest stays in its boxes", () => {
  const hand = new Hand(2);
  hand.set("0", 1, LINE);
  hand.set("4", 1, LINE);
  assert.deepEqual(hand.writtenBoxes("4"), [1]);
  const rest = hand.without(["0"]);
  assert.deepEqual(rest.row("4"), [[], LINE]);
  assert.equal(rest.count("0"), 0);
});
