/** The page that makes digits. */

export const generate = {
  "generate.sheet": { plural: "count", forms: { one: "A made digit", other: "A sheet of {count} made digits" } },
  "generate.pictures": { plural: "count", forms: { one: "A made picture", other: "A sheet of {count} made pictures" } },
  "generate.oneLike": "A new picture like yours",
  "generate.like": "{count} new pictures like yours",
  "generate.noneChosen": "None is chosen, so all ten are made.",
  "generate.first": "The first {shown} of {count}; the files hold them all.",
  "generate.comesBack": "The server cannot be reached. The digits come by themselves when it is back.",
  "generate.drawFirst": "Draw a digit on the paper.",
  "generate.drawEnd": "Draw the digit to which the way leads.",
  "generate.several": "Draw one digit by itself.",
  "generate.epochNone": "Before the training: the weights are random",
  "generate.epoch": "After epoch {epoch} of {epochs}",
  "generate.epochSheet": "Made digits, two rows of 0 to 9. {words}.",
  "generate.ask": "Write a {digit} in each box, as you usually do",
  "generate.box": "Box {place} of {boxes} for the digit {digit}",
  "generate.full": "full",
  "generate.sent": "sent",
  "generate.some": "{count} of {boxes}",
  "generate.writeSome": "Write digits in the boxes first.",
  "generate.sending": "The sheet is on its way…",
  "generate.learnt": "Your handwriting is used from now on.",
  "generate.learntSome":
    "What you sent is used. There are still fewer than {boxes} of: {digits}. Write {boxes} of each, and send again.",
  "generate.learntPart": "What you sent of your sheet is used.",
  "generate.learntKept": {
    plural: "count",
    forms: { one: "{count} digit is kept in your gallery.", other: "{count} digits are kept in your gallery." },
  },
  "generate.misread": "Box {box} of your {digit}s reads as a {read}.",
  "generate.misreadAdvice":
    "If a box has the wrong digit, clear it, write the right one, and send again. If you write like that, leave it.",
  "generate.own": "{digits} in your hand",
};
