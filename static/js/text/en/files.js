/** Many pictures at once: their list, and what becomes of them. */

export const files = {
  "files.waiting": "Waiting",
  "files.reading": "Reading…",
  "files.youSaid": "You say: {label}.",
  "files.wasRead": "Read as {shown}.",
  "files.saving": "Saving…",
  "files.undo": "Undo",
  "files.undoNamed": "Undo keeping {name}",
  "files.notKept": "Not kept: {problem}",

  "files.progress": "{done} of {count} read",
  "files.finished": {
    plural: "count",
    forms: { one: "{count} picture read", "=2": "Both pictures read", other: "All {count} pictures read" },
  },
  "files.withFailed": "{read} of {count} files read; {failed} could not be read",
  "files.away":
    "The server cannot be reached: {done} of {count} read. Reading goes on by itself when it can be reached again.",
  "files.busy": "The server is busy: {done} of {count} read. Reading goes on in a moment.",
  "files.stopped": "Stopped: {done} of {count} read.",
  "files.stop": "Stop",
  "files.goOn": "Go on",
  "files.emptySure": "What you have said of these pictures is not kept yet, and would be lost. Empty the list?",
  "files.held": "The list stays in this browser, over a reload too, until you empty it, log out or close the tab.",
  "files.notHeld": {
    plural: "count",
    forms: {
      one: "This browser cannot hold {count} of these pictures: it is lost when the page is reloaded or left.",
      other: "This browser cannot hold {count} of these pictures: they are lost when the page is reloaded or left.",
    },
  },

  "files.hidden": {
    plural: "count",
    forms: { one: "{count} hidden file", other: "{count} hidden files" },
  },
  "files.unreadable": {
    plural: "count",
    forms: { one: "{count} that cannot be opened", other: "{count} that cannot be opened" },
  },
  "files.beyond": {
    plural: "count",
    forms: { one: "{count} beyond the first {most}", other: "{count} beyond the first {most}" },
  },
  "files.leftOut": "Left out: {what}.",
  "files.emptyFolder": "There is no picture in this folder",
  "files.emptyFolderDetail": "Choose the folder that holds the pictures, or the pictures themselves.",
  "files.nothing": "Nothing could be opened",
  "files.nothingDetail": "The browser may not open what was dropped. Choose the files with the button instead.",

  "files.chosen": "{name}: {words}",
  "files.opened": "From the list: {name}.",
  "files.saidThere": "There you said: {label}.",
  "files.severalDigits": "There are several digits in it: open it to keep its digits one by one.",

  "files.copied": { plural: "count", forms: { one: "{count} answer copied", other: "{count} answers copied" } },
  "files.copiedWithMissing": {
    plural: "count",
    forms: {
      one: "{count} answer copied. Files without one: {missing}; the reason stands beside each.",
      other: "{count} answers copied. Files without one: {missing}; the reason stands beside each.",
    },
  },
  "files.unread": "Not read yet",
  "files.notCopied": "This browser does not let pages copy. Download the table instead.",
  "files.table": "digits.csv",

  "files.keep": {
    plural: "count",
    forms: {
      "=0": "Keep all that are right",
      one: "Keep {count} that is right",
      other: "Keep all {count} that are right",
    },
  },
  "files.keepExplained":
    "Kept with their labels: what was read with at least 90 % certainty, and what you say. " +
    "Look through them first, and correct what is wrong.",
  "files.keepRest": {
    plural: "count",
    forms: {
      "=0": "",
      one: "{count} is left: say what it shows to keep it too.",
      other: "{count} are left: say what they show to keep them too.",
    },
  },
  "files.keeping": "Keeping… {done} of {count}",
  "files.keptAll": { plural: "count", forms: { one: "{count} picture kept", other: "{count} pictures kept" } },
  "files.seeBeside": "See beside the others.",
  "files.keptSome": "{kept} of {count} pictures kept: {problem}",

  "files.leaveOut": "Left out of the list: {name}",

  "brought.firstOnly": "Of {count} files, only the first is used here. The page Draw reads them all, as a list.",
  "brought.notHanded": "This browser keeps nothing from page to page. Open the page Draw, and drop the pictures there.",

  "number.copied": "Copied: {text}",
  "number.notCopied": "This browser does not let pages copy. Select the number and copy it.",
  "number.digit": "Digit {number} of {count}",
  "number.cannotCut":
    "This browser cannot cut the picture up: it cannot open it, or is short of memory. Save the picture as a JPEG, " +
    "smaller if you can, and send that.",

  "files.list": {
    plural: "count",
    forms: { one: "Back to the list ({count} picture)", other: "Back to the list ({count} pictures)" },
  },
};
