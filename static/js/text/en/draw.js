/** The page Draw: answers, pictures that are sent, and what is kept. */

export const draw = {
  "draw.invitation": "Draw a digit",
  "draw.invitationDetail": "From 0 to 9. The answer appears as you draw.",
  "draw.reading": "Reading the picture…",
  "draw.drawingStays": "Your drawing stays here, and is read as soon as the connection is back.",
  "draw.pictureStays": "Your picture stays here, and is read as soon as the connection is back.",
  "draw.refused": "This cannot be read",
  "draw.readBy": "Read in {milliseconds} ms by {model}",
  "draw.seen": "The {digit} as the network sees it: white on black, 28 by 28 pixels",

  "picture.yours": "Your picture",
  "picture.nothingFound": "Your picture: no digit found",
  "picture.found": {
    plural: "count",
    forms: {
      one: "Your picture, with a box around a {text}",
      other: "Your picture, with boxes around {count} digits: {text}",
    },
  },

  "file.named": "“{name}”",
  "file.unnamed": "This file",
  "file.empty": "{file} is empty.",
  "file.unreadable": "{file} cannot be opened: it has been moved, or is a folder. Choose it again.",
  "file.cannotBeOpened":
    "This browser cannot open {file}, and it is too large to be sent as it is ({megabytes} MB; the limit is 3 MB). " +
    "If it is a picture, save it as a JPEG and try again.",
  "file.staysTooLarge":
    "This picture is too large even after shrinking. Crop it to the digit and try again.",
  "file.cannotBeShrunk": "This picture could not be shrunk. Save it in a smaller size and try again.",

  "keeping.chosen": "Your choice is saved. You can change it on your account page.",
  "keeping.notChosen": "Your choice is not saved: {problem}",
  "keeping.notYet": "Not kept.",
  "keeping.refused": "Not kept. If you say what it shows, it is kept with your label.",
  "keeping.several": "Several digits are not kept as one picture: keep its digits one by one.",
  "keeping.noDigit": "The server found no single digit in it.",
  "keeping.latest": "Your last drawing: {state}",
  "keeping.busy": "Keeping…",
  "keeping.undoing": "Undoing…",
  "keeping.undone": "Not kept any more.",
  "keeping.undo": "Undo",
  "keeping.undoLabel": "Undo keeping",
  "keeping.kept": "Kept.",
  "keeping.keptAs": "Kept as {label}.",
  "keeping.keptOtherwise": "Kept. You said: {label}. Everybody is shown another’s label: {labelForAll}.",
  "keeping.see": "See it in the gallery",
  "keeping.notKept": "Not kept yet: {problem}",
  "keeping.notUndone": "Still kept: {problem}",
  "keeping.notLabelled": "Kept, but not labelled yet: {problem}",
  "keeping.unfinished": {
    plural: "count",
    forms: {
      one: "An earlier digit is not kept yet: {problem}",
      other: "{count} earlier digits are not kept yet: {problem}",
    },
  },
  "keeping.tryAgain": "Try again",
  "keeping.reload": "Reload the page",
  "keeping.logIn": "Log in, in a new tab",
  "keeping.then": ", then ",
};
