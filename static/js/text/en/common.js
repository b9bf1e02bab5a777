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
  "answer.confidence": "{percent} sure",
  "answer.none": "I can't see a digit here",
  "answer.count": { plural: "count", forms: { one: "{count} digit", other: "{count} digits" } },
  "answer.firstOfMore": {
    plural: "count",
    forms: { one: "The first {count} digit", other: "The first {count} digits" },
  },
  "answer.sureOfEach": "Sure of each, {percent} at the least",
  "answer.leastSure": "Least sure of the {place}, {digit}: {percent}",

  "drawing.notMade":
    "This browser could not make a picture of your drawing; it may be short of memory. Your drawing is still here: " +
    "close other tabs, then draw another stroke or reload the page.",

  "label.none": "not a digit",

  "error.away": "The server is away.",
  "error.slow": "The server takes too long.",
  "error.busy": "Too many requests at once. Try again in a moment.",
  "error.loggedOut": "You are logged out.",
  "error.replaced": "{person} is logged in now, and this page is another person’s.",
  "error.refused": "The server does not accept this (error {status}).",
  "error.broken": "Something went wrong on the server. Try again.",

  "picture.gone": "There is no such picture (any more).",
  "picture.loggedOut":
    "Pictures of the gallery are shown to people who are logged in. Log in, and open it again.",

  "headline.away": "The server is away",
  "headline.slow": "The server takes too long",
  "headline.busy": "One moment",
  "headline.broken": "Something went wrong",

  "connection.connecting": "",
  "connection.up": "Connected",
  "connection.down": "Server away",

  "place.rowAndColumn": "Row {row}, column {column}",

  "password.show": "Show",
  "password.hide": "Hide",
};
