/** Worksheets. */

export const worksheets = {
  "worksheets.progress": "{done} of {total} pages are marked.",
  "worksheets.away": "The server cannot be reached. What was sent is marked all the same.",
  "worksheets.sending": "Sending: {done} of {total} have arrived.",
  "worksheets.notSent": "Not all were sent: {problem} Press the button again to send the others.",
  "worksheets.left": { plural: "count", forms: { one: "{shown} answer left", other: "{shown} answers left" } },
  "worksheets.saving": "Saving what you said…",
  "worksheets.end": "No answer is doubtful any more.",
  "worksheets.asked": "{number}. {text}",
  "worksheets.attempt": "{pupil} (attempt {attempt})",
  "worksheets.whose": {
    plural: "count",
    forms: { one: "{pupil}, the last with this question", other: "{pupil}, the first of {shown} with this question" },
  },
  "worksheets.right": "{answer} is right.",
  "worksheets.read": "Read as {written}, {sure} sure, without knowing what is right.",
  "worksheets.readNothing": "No digits were read there.",
  "worksheets.markedRight": "{pupil}: marked right.",
  "worksheets.markedWrong": "{pupil}: marked wrong.",
  "worksheets.wroteRight": "{pupil} wrote {written}: right.",
  "worksheets.wroteWrong": "{pupil} wrote {written}: wrong.",
  "worksheets.undone": "{pupil} waits for a decision again.",
  "worksheets.kept": {
    plural: "count",
    forms: {
      one: "{shown} digit was kept among your labelled pictures.",
      other: "{shown} digits were kept among your labelled pictures.",
    },
  },
  "worksheets.notKept": "The digits were not kept: that needs one in each box.",
  "worksheets.stayKept": "The digits that were kept stay among your labelled pictures.",
  "worksheets.picture": "What {pupil} wrote",
  "worksheets.digits": "Type the digits that are written there, then Enter. Is nothing written? Then it is wrong.",
  "worksheets.refused": "This was not saved: {problem}",
};
