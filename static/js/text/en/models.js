/** The pages of models. */

export const models = {
  "model.sure": "{name}",
  "model.unsure": "Perhaps {name}",
  "model.seen": "The picture as the network sees it",
  "model.firstOnly": "Of {count} pictures, the first one is shown here.",
};
