/** Collecting: what was chosen, how far sending is, and how far the server is with it. */

export const dataset = {
  "collect.looking": "Looking at what you chose…",
  "collect.chosen": {
    plural: "count",
    forms: { one: "{shown} file, {size}", other: "{shown} files, {size}" },
  },
  "collect.class": "{name}: {shown}",
  "collect.noDigit": "no digit",
  "collect.unlabelled": {
    plural: "count",
    forms: {
      one: "{shown} picture is in no folder named 0 to 9 or none. Say below what it shows, or it is left out.",
      other: "{shown} pictures are in no folder named 0 to 9 or none. Say below what they show, or they are left out.",
    },
  },
  "collect.byTable": "labels.csv says what the other pictures show.",
  "collect.packed": {
    plural: "count",
    forms: {
      one: "What is in the archive or array file, the check will show.",
      other: "What is in the {shown} archives or array files, the check will show.",
    },
  },
  "collect.beyond": "Left out: {shown} files beyond the first {most}. Send them in a second upload.",
  "collect.notOpened": {
    plural: "count",
    forms: {
      one: "{shown} file or folder could not be opened by the browser.",
      other: "{shown} files or folders could not be opened by the browser.",
    },
  },
  "collect.nothing": "There is no file in it. Choose pictures, a folder that holds some, or a ZIP.",
  "collect.tooMuch": "This is {size}; one person may send {most} a day. Choose fewer files.",

  "collect.sending": "{done} of {count} files, {sent} of {size}",
  "collect.sent": "Everything is sent.",
  "collect.away": "The server cannot be reached. Sending goes on by itself when it can be reached again.",
  "collect.busy": "The server is busy. Sending goes on in a moment.",
  "collect.stopped": "Sending has stopped: {problem}",
  "collect.unreadable": {
    plural: "count",
    forms: {
      one: "{shown} file could not be opened, and was not sent: {names}. Perhaps it was moved or deleted.",
      other: "{shown} files could not be opened, and were not sent: {names}. Perhaps they were moved or deleted.",
    },
  },
  "collect.andMore": "{names} and {shown} more",
  "collect.tryAgain": "Try again",
  "collect.checkOthers": "Check the others",
  "collect.leaveSure": "What has been sent is forgotten. Stop sending?",

  "collect.takes": {
    plural: "count",
    forms: { one: "It would have {shown} picture:", other: "It would have {shown} pictures:" },
  },
  "collect.takesNone": "There is no labelled picture of this choice.",

  "collect.progress": "{done} of {total}",
  "collect.progressAway": "The server cannot be reached. This goes on there; you see more when it is back.",
};
