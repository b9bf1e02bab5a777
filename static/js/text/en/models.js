/** The pages of models. */

export const models = {
  "model.sure": "{name}",
  "model.unsure": "Perhaps {name}",
  "model.none": "It is unlike the pictures that the network was trained on. If it had to choose: {name}, {percent}.",
  "model.seen": "The picture as the network sees it",
  "model.firstOnly": "Of {count} pictures, the first one is shown here.",
};
