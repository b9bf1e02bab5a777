/** What stages and layers are called, and one plain sentence for each. */

const STAGES = {
  picture: ["The picture", "What you drew or sent, as it came."],
  grey: ["Grey", "Colours are left out: each point keeps only how bright it is."],
  paper: ["The paper", "How bright the paper itself is everywhere: shadows and dark corners belong to it, not to the writing."],
  ink: ["The ink", "What is darker than its paper is ink. From here on ink is white and paper is black."],
  found: ["Found", "Ink that hangs together is taken as one digit; specks are left behind."],
  "cut out": ["Cut out", "The digit alone, without the paper around it. Where it stood no longer matters."],
  scaled: ["Shrunk", "Its longer side becomes 20 points, whatever its size was."],
  centred: ["Centred", "Moved so that its centre of mass lies in the middle of 28 × 28 points. This is all that the network sees."],
};

/** [heading, sentence] of a stage; a stage that is new here has its name alone. */
export function wordsOfStage(name) {
  return STAGES[name] ?? [name[0].toUpperCase() + name.slice(1), ""];
}

const SHORT = {
  Conv2D: "conv",
  ReLU: "ReLU",
  MaxPool2D: "max pool",
  AveragePool2D: "mean pool",
  MinPool2D: "min pool",
  GlobalAveragePool2D: "average",
  Flatten: "flatten",
  Dense: "dense",
  Softmax: "softmax",
};

const LONG = {
  Conv2D: "Convolution",
  ReLU: "ReLU",
  MaxPool2D: "Max pooling",
  AveragePool2D: "Average pooling",
  MinPool2D: "Min pooling",
  GlobalAveragePool2D: "Global average",
  Flatten: "Flattening",
  Dense: "Dense layer",
  Softmax: "Softmax",
};

export function shortNameOf(layer) {
  return layer.index === 0 ? "picture" : (SHORT[layer.kind] ?? layer.kind);
}

export function longNameOf(layer) {
  return layer.index === 0 ? "The picture" : (LONG[layer.kind] ?? layer.kind);
}

/** What a layer does, with its own numbers. */
export function sentenceOf(layer) {
  const channels = layer.shape.at(-1);
  const inputs = layer.input_shape?.at(-1);
  const { options = {} } = layer;
  const window = (options.kernel_size ?? options.size ?? []).join(" × ");
  switch (layer.index === 0 ? "picture" : layer.kind) {
    case "picture":
      return "784 numbers from 0 (paper) to 1 (ink). Everything below is computed from these, and from nothing else.";
    case "Conv2D":
      return (
        `${channels} filters, each of ${window} weights ${inputs === 1 ? "" : `for each of the ${inputs} maps before it`}`.trim() +
        ". A filter slides over its input; at every place it multiplies, adds up, and writes one number down. " +
        `Each filter draws a map of its own: where what it looks for is, and how strongly.`
      );
    case "ReLU":
      return "Every number below zero becomes 0; all others stay. Without this bend, any number of layers could do no more than one.";
    case "MaxPool2D":
      return `Of every ${window} numbers the largest stays. The map becomes smaller, and where exactly something was matters less.`;
    case "MinPool2D":
      return `Of every ${window} numbers the smallest stays. The map becomes smaller.`;
    case "AveragePool2D":
      return `Every ${window} numbers become their mean. The map becomes smaller.`;
    case "GlobalAveragePool2D":
      return `Each of the ${channels} maps becomes a single number, its mean: how much of what its filter looks for there is, wherever it is.`;
    case "Flatten":
      return "The maps are laid out in one long row of numbers. Nothing is computed.";
    case "Dense":
      return `${channels} scores, one for each digit: every one of the ${inputs} numbers, times a weight of its own for that digit, added up.`;
    case "Softmax":
      return "Ten scores become ten probabilities: the exponential makes each positive, and dividing by their sum makes them add up to 1.";
    default:
      return "";
  }
}
