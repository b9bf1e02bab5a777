/** The gallery. */

export const gallery = {
  "gallery.readAs": "Read as {digit}, {sure} sure",
  "gallery.refused": "The network saw no digit",
  "gallery.said": "{label}, as a person says; the network saw no digit",
  "gallery.confirmed": "{digit}, which a person confirmed",
  "gallery.corrected": "{label}, which a person corrected; the network read {digit}",
  "gallery.youSaid": "{label}, as you say; the network saw no digit",
  "gallery.youConfirmed": "{digit}, which you confirmed",
  "gallery.youCorrected": "{label}, which you corrected; the network read {digit}",
  "gallery.chosen": "{name}: {description}.",
  "gallery.chosenAndSaid": "{name}: {description}. You said: {label}.",
  "gallery.notYours": "Only its owner can say what this picture shows.",
  "gallery.notLabelled": "The label of {name} was not changed: {problem}",
};
