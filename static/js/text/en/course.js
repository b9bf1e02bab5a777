/** The course. */

export const course = {
  "course.drawFirst": "Draw a digit: the page goes on with the last one until then.",
  "course.goesOn": "{problem} The page goes on with the last digit.",
  "course.drawingStays": "{problem} Your drawing stays.",
  "course.several": "Several digits: the course goes on with the first.",
  "course.read": "{words}, {detail}",
  "course.away": "The server is away: what you see here is from before, and follows as soon as it is back.",

  "course.resultPlace": "Result row {row}, column {column}",
  "course.placeIs": "{place}: {words}",

  "numbers.inked": "{count} of the 784 numbers are not zero.",
  "numbers.spoken": "{value}, {meaning}",
  "numbers.bare": "bare paper",
  "numbers.full": "full ink",
  "numbers.partly": "partly inked",

  "convolution.spoken": "the nine products add up to {sum}; with the bias {value}",

  "stride.sum": "(28 + 2 × {padding} − {window}) ÷ {stride} + 1",
  "stride.steps": "{space} ÷ {stride} + 1",
  "stride.stepsRounded": "{space} ÷ {stride}, rounded down to {steps}, +\u00a01",
  "stride.words": "{place}: {value}, the mean of rows {rows} and columns {columns}",
  "stride.span": "{first} to {last}",
  "stride.walk": "Let the window walk",
  "stride.stop": "Stop",

  "relu.count":
    "Of the 784 numbers, {positive} are positive and stay, {negative} are negative and become 0, and {zero} were 0 " +
    "anyway.",
  "relu.spoken": "{before} becomes {after}. {meaning}",
  "relu.positive": "The filter’s pattern is here: the number stays.",
  "relu.negative": "The filter’s opposite is here: the number becomes 0.",
  "relu.zero": "The filter found nothing here.",

  "pooling.spoken": "{value}. {words}",
  "pooling.average": "All {count} numbers count: together {sum}, divided by {count}.",
  "pooling.max": "The largest of the {count} wins; the rest is forgotten.",
  "pooling.min": "The smallest of the {count} wins; the rest is forgotten.",
  "pooling.severalMax": "The largest wins; here several are equal, and the first is framed.",
  "pooling.severalMin": "The smallest wins; here several are equal, and the first is framed.",

  "softmax.example":
    "The first row in full: e to the power of {score} is {power}; divided by {total} that is {share}.",

  "descent.next": "{weight} − {rate} × {slope} = {after}",
  "descent.flown": "It has flown out of the landscape: the rate is too large. Start again with a smaller one.",
  "descent.bottom":
    "The slope is nearly nothing: this is the bottom of a valley, and the steps stop by themselves.",
  "descent.start": "The weight has a random start. The slope tells which way is down.",
  "descent.tooFar": "Too far: it is on the other side, and higher than before.",
  "descent.overshot": "It overshot: it is on the other side now, though lower than before.",
  "descent.downhill": "Downhill: the loss is smaller than before.",
  "descent.uphill": "Uphill: the step was too long.",

  "backpropagation.spoken": "the output is {output}. {words}",
  "backpropagation.nothing": "The loss does not mind this output: nothing travels back, and nothing changes.",
  "backpropagation.smaller":
    "The loss wants this output smaller. After one step with the learning rate {rate} the same window gives {after} " +
    "instead of {output}.",
  "backpropagation.larger":
    "The loss wants this output larger. After one step with the learning rate {rate} the same window gives {after} " +
    "instead of {output}.",
};
