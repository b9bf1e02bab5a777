/** The page that explains. */

export const explain = {
  "explain.refused": "This cannot be explained",
  "explain.comesBack": "The explanation appears as soon as the connection is back.",
  "explain.stale": "What you see below still belongs to the digit before.",
  "explain.oneOfSeveral": "{sure}: the {place} digit of {text}",
  "explain.joined": "It touches others, and was cut apart from them.",
  "explain.lessStages": "This is the answer without some stages. With all stages it may be different.",
  "explain.leftAlone": "The network alone would say {digit}, {percent} sure.",
  "explain.blank":
    "Nothing was drawn, so all 784 numbers are 0. The network computes all the same: zero times any " +
    "weight is zero, only the biases are left, and they go through all the layers as if they were a picture. {end}",
  "explain.notFound":
    "Below, the network is shown the picture all the same. {end}",
  "explain.mustName":
    "The last layer is a softmax, whose ten probabilities always add up to 1: some digit must come first. Here it " +
    "is {digit}, {percent} sure. It cannot say “nothing”. That is why the picture is looked at first, and why " +
    "a second network, which has seen many things that are no digits, is asked as well.",

  "doubt.unlike":
    "The second network, which compares it with digits and with other things, gives it {score} points; " +
    "{least} are needed.",
  "doubt.unsure": "The network is only {percent} sure of its best answer; {least} are needed.",
  "doubt.dots": "A dot is as dark inside as at its edge. No digit that people write is.",

  "subject.alt": "The picture that is explained",
  "subject.which": {
    plural: "count",
    forms: { one: "One digit was read.", other: "{text}: {count} digits were read. Choose one to explain." },
  },
  "subject.choose": "Explain digit number {number}, {digit}",
  "subject.notCarried":
    "Your picture could not be brought here: this browser had no room for it, or this is another tab. " +
    "Send it again on the page Draw, or draw here.",

  "stages.withAll": "With all stages",
  "stages.asNow": "With your choice",
  "stages.seen": "The 28 by 28 pixels that the network sees",
  "stages.read": "{digit}, {percent}",
  "stages.refused": "refused; the network alone: {digit}, {percent}",
  "stages.alt": "{heading}. {sentence}",

  "stage.picture": "The picture",
  "stage.picture.words": "What you drew or sent, as it came.",
  "stage.page": "The page",
  "stage.page.words":
    "Another network says of each point what it is: black is a digit’s ink, blue other ink, brown no page.",
  "stage.grey": "Grey",
  "stage.grey.words": "Colours are removed: of each pixel, only the brightness is kept.",
  "stage.paper": "The paper",
  "stage.paper.words":
    "How bright the paper itself is at each place: shadows and dark corners belong to it, not to the writing.",
  "stage.ink": "The ink",
  "stage.ink.words": "What is darker than its paper is ink. From here on ink is white and paper is black.",
  "stage.found": "Found",
  "stage.found.words": "Connected ink is taken as one digit; specks are ignored.",
  "stage.cut out": "Cut out",
  "stage.cut out.words": "The digit alone, without the paper around it. Where it stood no longer matters.",
  "stage.scaled": "Shrunk",
  "stage.scaled.words": "Its longer side becomes 20 pixels, whatever its size was.",
  "stage.centred": "Centred",
  "stage.centred.words":
    "Moved so that its centre of mass lies in the middle of 28 × 28 pixels. This is all that the network sees.",

  "layer.short.picture": "picture",
  "layer.short.Conv2D": "conv",
  "layer.short.ReLU": "ReLU",
  "layer.short.MaxPool2D": "max pool",
  "layer.short.AveragePool2D": "mean pool",
  "layer.short.MinPool2D": "min pool",
  "layer.short.GlobalAveragePool2D": "average",
  "layer.short.Flatten": "flatten",
  "layer.short.Dense": "dense",
  "layer.short.Softmax": "softmax",
  "layer.long.picture": "The picture",
  "layer.long.Conv2D": "Convolution",
  "layer.long.ReLU": "ReLU",
  "layer.long.MaxPool2D": "Max pooling",
  "layer.long.AveragePool2D": "Average pooling",
  "layer.long.MinPool2D": "Min pooling",
  "layer.long.GlobalAveragePool2D": "Global average",
  "layer.long.Flatten": "Flattening",
  "layer.long.Dense": "Dense layer",
  "layer.long.Softmax": "Softmax",
  "layer.words.picture":
    "784 numbers from 0 (paper) to 1 (ink). Everything below is computed from these, and from nothing else.",
  "layer.words.Conv2D": {
    plural: "inputs",
    forms: {
      one:
        "{channels} filters, each of {window} weights. A filter slides over its input; at every place it multiplies, " +
        "adds up, and writes down one number. Each filter makes a map of its own: where it finds its pattern, and " +
        "how strongly.",
      other:
        "{channels} filters, each of {window} weights for each of the {inputs} maps before it. A filter slides over " +
        "its input; at every place it multiplies, adds up, and writes down one number. Each filter makes a map of " +
        "its own: where it finds its pattern, and how strongly.",
    },
  },
  "layer.words.ReLU":
    "Every number below zero becomes 0; all others stay. Without this step, many layers could do no more " +
    "than one.",
  "layer.words.MaxPool2D":
    "Of every {window} numbers the largest stays. The map becomes smaller, and the exact place of things matters " +
    "less.",
  "layer.words.MinPool2D": "Of every {window} numbers the smallest stays. The map becomes smaller.",
  "layer.words.AveragePool2D": "Every {window} numbers become their mean. The map becomes smaller.",
  "layer.words.GlobalAveragePool2D":
    "Each of the {channels} maps becomes a single number, its mean: how strongly its filter found its pattern, " +
    "wherever it is.",
  "layer.words.Flatten": "The maps are laid out in one long row of numbers. Nothing is computed.",
  "layer.words.Dense":
    "{channels} scores, one for each digit: every one of the {inputs} numbers, times a weight of its own for that " +
    "digit, added up.",
  "layer.words.Softmax":
    "Ten scores become ten probabilities: the exponential makes each positive, and dividing by their sum makes them " +
    "add up to 1.",
  "layer.tab": "Layer {index}: {name}, {parameters} parameters",
  "layer.numbers": "{shape} numbers",
  "layer.facts": "Layer {index} · {numbers} · {learnt}",
  "layer.learnt": "{parameters} parameters learnt",
  "layer.learntNothing": "nothing learnt",
  "layer.trouble": "This layer could not be loaded: {problem}",
  "layer.itsNumbers": "Its {count} numbers",
  "layer.itsMaps": "Its {count} maps",
  "layer.digitIs": "Digit {digit}: {value}",
  "layer.numberIs": "Number {number}: {value}",
  "layer.map": "Map {map}",
  "layer.stepInto": "Step into it",
  "layer.computed": "How it is computed",

  "step.place": "row {row}, column {column}",
  "step.spoken": "Row {row}, column {column}: {value}",
  "step.picture": "The picture",
  "step.mapBefore": "Map {map} of the layer before",
  "step.input": "{map}, the input",
  "step.points": "28 × 28 pixels",
  "step.mapNow": "Map {map} of this layer",
  "step.moveOver": "{map}: move over it with the arrow keys",
  "step.play": "Play",
  "step.pause": "Pause",

  "sum.addedUp": "Added up: {value}",
  "sum.mapAdds": "{map} adds {value}",
  "sum.mapIs": "{map}: {value}",
  "sum.products": "sum of {count} products",
  "sum.maps": "sum over {count} maps",
  "sum.bias": "bias",
  "sum.answer": "this filter’s answer",
  "sum.afterReLU": "after ReLU",
  "sum.around": "The numbers around it",
  "sum.ink": "ink at this pixel, from 0 to 1",
  "sum.before": "The number before",
  "sum.cutOff": "below zero: cut off",
  "sum.stays": "not below zero: it stays",
  "sum.inFrame": "numbers in the frame",
  "sum.result": "stays",
  "sum.stays.MaxPool2D": "The largest stays",
  "sum.stays.MinPool2D": "The smallest stays",
  "sum.stays.AveragePool2D": "The mean stays",
  "sum.of.MaxPool2D": "the largest of {count}",
  "sum.of.MinPool2D": "the smallest of {count}",
  "sum.of.AveragePool2D": "the mean of {count}",

  "vector.numbersOfMap": "The {count} numbers of map {map}",
  "vector.mapBefore": "Map {map} of the layer before",
  "vector.sumOf": "sum of {height} × {width} numbers",
  "vector.howMany": "how many",
  "vector.mean": "the mean",
  "vector.map": "map {map}",
  "vector.others": "the other {count}",
  "vector.together": "together",
  "vector.forAndAgainst": "What spoke for {name}, and what against it",
  "vector.madeOf": "What number {number} is made of",
  "vector.inFavour":
    "{inFavour} of the {count} numbers speak for it, {against} do not. No single number decides: the sum of many " +
    "small terms does.",
  "vector.score": "score of the {name}",
  "vector.addedUp": "added up",
  "vector.softmax": "Softmax, step by step",
  "vector.digit": "digit",
  "vector.scoreHead": "score",
  "vector.shifted": "÷ temperature, minus the largest",
  "vector.exponential": "exponential",
  "vector.probability": "probability",
  "vector.total": "sum of the exponentials",
  "vector.temperature": "temperature, set after training so that “90 % sure” is right 9 times in 10",

  "evidence.title": "The {digit}",
  "evidence.winner": "the answer, {percent}, score {score}",
  "evidence.runnerUp": "second, {percent}, score {score}",
  "evidence.otherwise": "What would have made it {digit}?",
  "evidence.part.0": "at the top left",
  "evidence.part.1": "at the top",
  "evidence.part.2": "at the top right",
  "evidence.part.3": "on the left",
  "evidence.part.4": "in the middle",
  "evidence.part.5": "on the right",
  "evidence.part.6": "at the bottom left",
  "evidence.part.7": "at the bottom",
  "evidence.part.8": "at the bottom right",
  "evidence.nothingToCover": "Nothing could be covered: there is no ink that spoke for {digit} or against it.",
  "evidence.speaksFor": "The ink {part} speaks most for {digit}: without it the score falls by up to {points}.",
  "evidence.speaksAgainst": "The ink {part} speaks against it: without it the score rises by up to {points}.",
  "evidence.noneAgainst": "Hardly any ink speaks against it.",
  "evidence.helpsAndHarms":
    "More ink {more} would make it more of {digit}; more ink {less} would make it less of one.",
  "evidence.helps": "More ink {more} would make it more of {digit}, or less, pixel by pixel.",
  "evidence.harms": "More ink {less} would make it less of {digit}.",
  "evidence.noChange": "More ink would change nothing here.",
  "evidence.gap": "The {runnerUp} came second, {points} points behind the {winner}.",
  "evidence.pulled": "{change} would have pulled the answer from the {winner} towards the {runnerUp}.",
  "evidence.moreInk": "More ink {more}",
  "evidence.lessInk": "Less ink {less}",
  "evidence.moreAndLess": "More ink {more}, and less ink {less}",

  "neighbour.alt": "{digit} from the training data, distance {distance}",
};
