/** The page that explains, for networks of other pictures than digits. */

export const explainNetworks = {
  "photograph.notCarried":
    "There is no picture here yet: this browser had no room for it, or this is another tab. Choose one below, or go " +
    "back and send it again.",
  "photograph.stale": "What you see below still belongs to the picture before.",

  "photograph.picture": "The picture",
  "photograph.picture.words": "As you sent it, turned upright.",
  "photograph.square": "Cut out",
  "photograph.square.words": "The middle of it, in the shape that the network takes. What lies outside is not seen.",
  "photograph.small": "Scaled",
  "photograph.small.words": "To {rows} × {columns} pixels. This is all that the network sees.",
  "photograph.red": "Red",
  "photograph.red.words": "How much red light each pixel has, from 0 to 1.",
  "photograph.green": "Green",
  "photograph.green.words": "How much green. The network is given these three maps side by side.",
  "photograph.blue": "Blue",
  "photograph.blue.words": "How much blue. All three full are white, all three empty black.",

  "channel.red": "Red",
  "channel.green": "Green",
  "channel.blue": "Blue",
  "channel.light": "Light",

  "layer.short.LeakyReLU": "leaky ReLU",
  "layer.short.Tanh": "tanh",
  "layer.short.Sigmoid": "sigmoid",
  "layer.short.BatchNorm": "batch norm",
  "layer.short.photograph": "picture",
  "layer.short.photograph.grey": "picture",
  "layer.long.LeakyReLU": "Leaky ReLU",
  "layer.long.Tanh": "Hyperbolic tangent",
  "layer.long.Sigmoid": "Sigmoid",
  "layer.long.BatchNorm": "Batch normalisation",
  "layer.long.photograph": "The picture",
  "layer.long.photograph.grey": "The picture",
  "layer.words.photograph":
    "{count} numbers from 0 (none) to 1 (full): how much red, green and blue light each pixel has. Everything below " +
    "is computed from these, and from nothing else.",
  "layer.words.photograph.grey":
    "{count} numbers from 0 (black) to 1 (white). Everything below is computed from these, and from nothing else.",
  "layer.words.LeakyReLU":
    "Every number below zero becomes a small part of itself; all others stay. Without such a step, many layers could " +
    "do no more than one.",
  "layer.words.Tanh": "Every number is squeezed between −1 and 1: the further from zero, the less each step counts.",
  "layer.words.Sigmoid": "Every number is squeezed between 0 and 1: the further from zero, the less each step counts.",
  "layer.words.Sigmoid.one":
    "The score becomes a probability, that of “{second}”. At a score of 0 it is 50 %; above, {second} are likelier, " +
    "below, {first}.",
  "layer.words.BatchNorm":
    "Each map is scaled and shifted as a whole, by what was measured and learnt in training, so that all of them are " +
    "of a similar size.",
  "layer.words.Dense.hidden":
    "{channels} numbers: for each, every one of the {inputs} numbers before it is multiplied by a weight of its own, " +
    "and all are added up.",
  "layer.words.Dense.classes":
    "{channels} scores, one for each class: every one of the {inputs} numbers, times a weight of its own for that " +
    "class, added up.",
  "layer.words.Dense.one":
    "One score for two classes: every one of the {inputs} numbers, times a weight of its own, added up. What is " +
    "above zero speaks for “{second}”, what is below for “{first}”.",
  "layer.words.Softmax.classes":
    "{channels} scores become {channels} probabilities: the exponential makes each positive, and dividing by their " +
    "sum makes them add up to 1.",
  "layer.classIs": "{name}: {value}",
  "layer.oneNumber": "1 number",
  "layer.itsFirst": "The first {shown} of its {count} numbers",

  "step.channel": "{name} in the picture",
  "step.channelPoints": "{name}: {rows} × {columns} pixels",

  "sum.light": "{name} at this pixel, from 0 to 1",
  "sum.leaks": "below zero: a part is left",
  "sum.answerOf": "after this layer",
  "sum.squeezed": "squeezed between 0 and 1",
  "sum.squeezedTanh": "squeezed between −1 and 1",
  "sum.scaled": "scaled",
  "sum.shifted": "shifted",

  "vector.number": "number {number}",
  "vector.numberNow": "Number {number}, before and after",
  "vector.class": "class",
  "vector.scoreOf": "score of {name}",
  "vector.oneScore": "the score",
  "vector.sigmoid": "1 ÷ (1 + the exponential of the score with the other sign)",
  "vector.probabilityOf": "probability of {name}",
  "vector.both": "What is not the one is the other: both together are 1",
  "vector.aboveZero": "The score is above zero, so the answer is “{second}”.",
  "vector.belowZero": "The score is not above zero, so the answer is “{first}”.",

  "why.winner": "the answer, {percent}, score {score}",
  "why.wouldWin": "what it would say, {percent}, score {score}",
  "why.runnerUp": "second, {percent}, score {score}",
  "why.mirror":
    "Two classes share one score here: what speaks for {winner} speaks against {runnerUp} by just as much. The " +
    "pictures for {runnerUp} ({percent}) are these with blue and orange exchanged.",
  "why.nothing": "Covering changed nothing: no part of the picture matters more than its mean colour does.",
  "why.for": "What is {part} speaks most for {name}: without it the score falls by up to {points}.",
  "why.against": "What is {part} speaks against it: without it the score rises by up to {points}.",
  "why.hardlyAgainst": "Hardly anything speaks against it.",
  "why.lightAndDark": "More light {more} would raise the score of {name} most, more light {less} would lower it most.",
  "why.light": "More light {more} would raise the score of {name} most.",
  "why.dark": "More light {less} would lower the score of {name} most.",
  "why.noChange": "A little more light would change nothing here.",
};
