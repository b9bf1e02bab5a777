/** Walls, and who takes part in one. */

export const wall = {
  "wall.paused": "The wall is paused: what you write now is not shown there.",
  "wall.watched": "Somebody watches what you send.",
  "wall.told": "Thank you: it is kept.",
  "wall.oneDigitOnly": "Only a picture of one digit can be kept.",
  "wall.count": {
    plural: "count",
    forms: { one: "{count} takes part", other: "{count} take part" },
  },
  "wall.right": "{right} of {count} read as {expected}",
  "wall.readAs": "Read as {text}: {count}",
  "wall.notRead": "Not read: {count}",
  "wall.waiting": "has written nothing yet",
  "wall.none": "not read",
  "wall.mean": "The mean of all that were read as {text}",
  "wall.ink": "What the network saw",
};
