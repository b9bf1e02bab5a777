/** Reviewing. */

export const review = {
  "review.left": { plural: "count", forms: { one: "{shown} picture left", other: "{shown} pictures left" } },
  "review.done": { plural: "count", forms: { one: "{shown} reviewed", other: "{shown} reviewed" } },
  "review.rate": "about {shown} an hour",

  "review.label": "Labelled: {label}.",
  "review.unlabelled": "Nobody has said yet what this is.",
  "review.read": "The network reads {digit}, {sure} sure.",
  "review.refused": "The network sees no digit.",
  "review.writer": "Written by {writer}.",
  "review.why.differs": "Shown because label and network disagree.",
  "review.why.twin": "Shown because a picture that looks nearly the same is labelled as {label}.",
  "review.why.unsure": "Shown because the network is not sure.",
  "review.twin": "Nearly the same, labelled as {label}",
  "review.notLoaded": "The picture itself could not be loaded.",
  "review.original": "The picture as it was sent",
  "review.seen": "The 28 by 28 pixels that the network sees",
  "review.confirm": "Yes, {label}",

  "review.waiting": "Looking for the next pictures…",
  "review.goesOn": "{problem} The next pictures come by themselves when it is back.",
  "review.unsent": {
    plural: "count",
    forms: {
      one: "{problem} {shown} answer is kept here and sent when it is back.",
      other: "{problem} {shown} answers are kept here and sent when it is back.",
    },
  },
  "review.stopped": {
    plural: "count",
    forms: {
      one: "{problem} {shown} answer is kept in this tab: log in again in another tab, then go on here.",
      other: "{problem} {shown} answers are kept in this tab: log in again in another tab, then go on here.",
    },
  },
  "review.gone": "One picture was deleted meanwhile; it is left out.",
  "review.late": "Somebody else was shown the last picture as well, since it was open for long. Your answer counts.",
  "review.overruled": "Your answer is kept, but an administrator’s label counts: {label}.",
  "review.open": "Open that picture",

  "review.end": "Nothing is left to review",
  "review.endDetail":
    "Every picture that needed a look has been seen. Freeze a version now, so that models can learn from it.",
  "review.elsewhere": {
    plural: "count",
    forms: {
      one: "Somebody else is looking at the last picture",
      other: "Others are looking at the last {shown} pictures",
    },
  },
  "review.elsewhereDetail": "What they leave comes here after a few minutes.",
};
