import assert from "node:assert/strict";
import { test } from "node:test";

import { confidenceOf, problemOf, leftOutOf, textOf, toCsv, toText } from "../../../static/js/pictures/answers.js";

const digit = (value, confidence) => {
  const probabilities = Array(10).fill((1 - confidence) / 9);
  probabilities[value] = confidence;
  return { digit: value, confidence, probabilities };
};

const read = (name, text, digits, label = null) => ({ name, state: "read", answer: { text, digits }, label });

const SEVEN = read("a.png", "7", [digit(7, 0.99)]);
const NUMBER = read('odd, "name".png', "05\n22", [digit(0, 0.9), digit(5, 0.8), digit(2, 0.95), digit(2, 0.7)]);
const CORRECTED = read("c.png", "7", [digit(7, 0.91)], "1");
const REFUSED = read("letter.png", "", [], "none");
const FAILED = { name: "notes.txt", state: "failed", answer: null, label: null, problem: "No picture, it says" };
const WAITING = { name: "late.png", state: "waiting", answer: null, label: null, problem: "" };
const BLANK = { ...read("blank.png", "", []), answer: { text: "", digits: [], refusal: { message: "It is blank" } } };

test("what a person says counts before what was read", () => {
  assert.equal(textOf(SEVEN), "7");
  assert.equal(textOf(CORRECTED), "1");
  assert.equal(textOf(REFUSED), "none");
});

test("the confidence is that of what stands there", () => {
  assert.equal(confidenceOf(SEVEN), 0.99);
  assert.equal(confidenceOf(NUMBER), 0.7);
  assert.equal(confidenceOf(CORRECTED)?.toFixed(4), "0.0100");
  assert.equal(confidenceOf(REFUSED), null);
});

test("where there is no answer, the reason is told", () => {
  assert.equal(problemOf(SEVEN), "");
  assert.equal(problemOf(REFUSED), "");
  assert.equal(problemOf(FAILED), "No picture, it says");
  assert.equal(problemOf(BLANK), "It is blank");
  assert.equal(problemOf({ ...BLANK, label: "7" }), "");
  assert.equal(problemOf(WAITING), "Not read yet");
});

test("the text has a line for each file", () => {
  assert.equal(toText([SEVEN, FAILED, CORRECTED]), "a.png\t7\nnotes.txt\t\tNo picture, it says\nc.png\t1\n");
  assert.match(toText([NUMBER]), /05 22\n$/);
});

test("the table can be read by spreadsheet programs", () => {
  const lines = toCsv([SEVEN, NUMBER, FAILED, REFUSED, WAITING]).split("\r\n");
  assert.equal(lines[0], "\ufefffile,text,confidence,problem,left_out");
  assert.equal(lines[1], "a.png,7,0.9900,,");
  assert.equal(lines[2], '"odd, ""name"".png","05\n22",0.7000,,');
  assert.equal(lines[3], 'notes.txt,,,"No picture, it says",');
  assert.equal(lines[4], "letter.png,none,,,");
  assert.equal(lines[5], "late.png,,,Not read yet,");
});

test("what was left out stands beside the answer, unless a person said what it shows", () => {
  const line = { box: [0, 0, 9, 9], why: "line" };
  const answer = { ...SEVEN.answer, left_out: [line], unfinished: { message: "And so on." } };
  const partly = { ...SEVEN, answer };
  assert.equal(leftOutOf(partly), "And so on. Left out: a line.");
  assert.equal(leftOutOf({ ...partly, label: "7" }), "");
  assert.equal(leftOutOf(FAILED), "");
  assert.match(toCsv([partly]), /a\.png,7,0\.9900,,And so on\. Left out: a line\.\r\n$/);
  assert.equal(toText([partly]), "a.png\t7\tAnd so on. Left out: a line.\n");
});

test("no spreadsheet program takes the name of a file for a formula", () => {
  assert.match(toCsv([{ ...SEVEN, name: "=1+1.png" }]), /\n'=1\+1\.png,7,/);
  assert.match(toCsv([{ ...SEVEN, name: '@"a".png' }]), /\n"'@""a""\.png",7,/);
});
