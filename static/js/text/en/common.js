/** What more than one page says: answers, labels, errors, the connection. */

export const common = {
  "digit": { plural: "digit", forms: { "=8": "an 8", other: "a {digit}" } },
  "place": {
    ordinal: "place",
    forms: { one: "{place}st", two: "{place}nd", few: "{place}rd", other: "{place}th" },
  },

  "answer.sure": "This is {digit}",
  "answer.likely": "Probably {digit}",
  "answer.unsure": "Perhaps {digit}",
  "answer.likelyOr": "Probably {digit}, perhaps {other}",
  "answer.unsureOr": "Perhaps {digit}, or {other}",
  "answer.confidence": "{percent} sure",
  "answer.none": "I can't see a digit here",
  "answer.count": { plural: "count", forms: { one: "{count} digit", other: "{count} digits" } },
  "answer.firstOfMore": {
    plural: "count",
    forms: { one: "The first {count} digit", other: "The first {count} digits" },
  },
  "answer.sureOfEach": "Sure of each digit, at least {percent}",
  "answer.tall": {
    plural: "count",
    forms: {
      one: "One thing is as tall as a digit: see whether it is one.",
      other: "{count} things are as tall as a digit: see whether they are digits.",
    },
  },
  "answer.leastSure": "Least sure of the {place} digit, {digit}: {percent}",
  "answer.leastSureOr": "Least sure of the {place} digit, {digit}: {percent}, perhaps {other}",

  "leftOut.words": "Left out: {what}.",
  "leftOut.point": { plural: "count", forms: { one: "a point", other: "{count} points" } },
  "leftOut.comma": { plural: "count", forms: { one: "a comma", other: "{count} commas" } },
  "leftOut.minus": { plural: "count", forms: { one: "a minus or dash", other: "{count} minus signs or dashes" } },
  "leftOut.dot": { plural: "count", forms: { one: "a dot", other: "{count} dots" } },
  "leftOut.not_a_digit": {
    plural: "count",
    forms: { one: "something that is no digit", other: "{count} things that are no digits" },
  },
  "leftOut.unsure": { plural: "count", forms: { one: "something unclear", other: "{count} unclear things" } },
  "leftOut.cut_off": {
    plural: "count",
    forms: { one: "something at the edge of the picture", other: "{count} things at the edge of the picture" },
  },
  "leftOut.runs_together": {
    plural: "count",
    forms: { one: "digits that run together", other: "{count} groups that run together" },
  },
  "leftOut.too_much": {
    plural: "count",
    forms: { one: "what came after it", other: "{count} things that came after it" },
  },
  "leftOut.small": { plural: "count", forms: { one: "something much smaller", other: "{count} much smaller things" } },
  "leftOut.faint": { plural: "count", forms: { one: "something pale", other: "{count} pale things" } },
  "leftOut.line": { plural: "count", forms: { one: "a line", other: "{count} lines" } },
  "leftOut.frame": { plural: "count", forms: { one: "a frame", other: "{count} frames" } },
  "leftOut.ruling": { plural: "count", forms: { one: "the lines of the paper", other: "the lines of {count} papers" } },
  "leftOutMark.point": "point",
  "leftOutMark.comma": "comma",
  "leftOutMark.minus": "minus or dash",
  "leftOutMark.dot": "dot",
  "leftOutMark.not_a_digit": "no digit",
  "leftOutMark.unsure": "unclear",
  "leftOutMark.cut_off": "at the edge",
  "leftOutMark.runs_together": "runs together",
  "leftOutMark.too_much": "not read",
  "leftOutMark.small": "smaller",
  "leftOutMark.faint": "pale",
  "leftOutMark.line": "line",
  "leftOutMark.frame": "frame",
  "leftOutMark.ruling": "lines",

  "drawing.notMade":
    "This browser could not make a picture of your drawing; it may be short of memory. Your drawing is still here: " +
    "close other tabs, then draw another stroke or reload the page.",

  "label.none": "not a digit",

  "error.away": "The server cannot be reached.",
  "error.slow": "The server is taking too long.",
  "error.busy": "Too many requests at once. Try again in a moment.",
  "error.loggedOut": "You are logged out.",
  "error.replaced": "{person} is logged in now; this page belongs to someone else.",
  "error.refused": "The server refused this (error {status}).",
  "error.broken": "Something went wrong on the server. Try again.",

  "picture.notShown": "This browser cannot show pictures of this kind.",
  "picture.gone": "This picture does not exist, or has been deleted.",
  "picture.loggedOut":
    "Log in to see pictures from the gallery, then open this one again.",

  "headline.away": "Cannot reach the server",
  "headline.slow": "The server is taking too long",
  "headline.busy": "One moment",
  "headline.broken": "Something went wrong",

  "connection.connecting": "",
  "connection.up": "Connected",
  "connection.down": "No connection",

  "pen.up": "Pen up, {across} of 10 across, {down} of 10 down",
  "pen.down": "Pen down, {across} of 10 across, {down} of 10 down",

  "print.preparing": "Drawing everything for the printer…",
  "print.unfinished":
    "Some pictures below were not ready when this was printed. Stay on the page for a moment, then print it again.",

  "place.rowAndColumn": "Row {row}, column {column}",

  "password.show": "Show",
  "password.hide": "Hide",
};
