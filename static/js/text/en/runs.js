/** Training runs: how far one is, and several in one plot. */

export const runs = {
  "run.queued": "It begins when what was started before it is done.",
  "run.begins": "It begins in a moment.",
  "run.phase.loading": "The pictures are read.",
  "run.phase.calibrating": "How sure it says it is, is fitted to how often it is right.",
  "run.phase.comparing": "It is compared with {other}, on pictures that neither has learned from.",
  "run.phase.measuring": "It is measured on pictures that it has not learned from.",
  "run.epoch": "Epoch {epoch} of {epochs}",
  "run.momentsLeft": "a few seconds left",
  "run.secondsLeft": "about {seconds} seconds left",
  "run.minutesLeft": {
    plural: "minutes",
    forms: { one: "about {minutes} minute left", other: "about {minutes} minutes left" },
  },
  "run.hoursLeft": {
    plural: "hours",
    forms: { one: "about {hours} hour left", other: "about {hours} hours left" },
  },
  "run.epochDone": "Epoch {epoch} of {epochs} is done: of the held-out pictures {accuracy} right, loss {loss}.",
  "run.away": "The server cannot be reached. Training goes on there; you see more when it is back.",
  "run.cancelSure": "What it has learned so far is lost. Cancel this run?",
  "run.title.loss": "Loss",
  "run.title.accuracy": "Accuracy",
  "run.plot": "{title} after {epoch} of {epochs} epochs; of held-out pictures {last}.",
  "run.plotEmpty": "{title}: no epoch is done yet.",
  "runs.name": "Run {number}",
  "runs.noArchive": "Choose a ZIP with a folder of pictures for each class.",
  "runs.archiveTooLarge":
    "It has {size}, and at most {most} can be sent. Make the pictures smaller: of each, 128 pixels a side are enough.",
  "runs.sending": "{size} are being sent. Stay on this page until that is done.",
  "runs.epoch": "Epoch",
  "runs.plot": "{title} of held-out pictures over the epochs, of {names}.",
  "runs.oneMore": "Tick one more to compare them.",
  "runs.most": "{most} runs are as many as one plot can show.",
};
