/** Training runs: how far one is, and several in one plot. */

export const runs = {
  "run.queued": "It begins when what was started before it is done.",
  "run.begins": "It begins in a moment.",
  "run.phase.loading": "The pictures are read.",
  "run.phase.calibrating": "How sure it says it is, is fitted to how often it is right.",
  "run.phase.comparing": "It is compared with {other}, on pictures that neither has learned from.",
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
  "runs.epoch": "Epoch",
  "runs.plot": "{title} of held-out pictures over the epochs, of {names}.",
  "runs.oneMore": "Tick one more to compare them.",
  "runs.most": "{most} runs are as many as one plot can show.",
};
