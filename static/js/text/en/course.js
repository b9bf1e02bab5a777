/** The course. */

export const course = {
  "course.drawFirst": "Draw a digit. Until then, this page uses the last one.",
  "course.goesOn": "{problem} This page still uses the last digit.",
  "course.drawingStays": "{problem} Your drawing stays; the steps still show the picture before.",
  "course.several": "Several digits: the course uses the first.",
  "course.read": "{words}, {detail}",
  "course.away":
    "The server cannot be reached: what you see here is from before. It is updated as soon " +
    "as the connection is back.",

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
  "stride.walk": "Slide the window",
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

  "photograph.missing": "The picture of the cat could not be loaded. Load the page again, or choose a picture.",
  "photograph.cannotBeOpened":
    "This browser cannot open the picture. Save it as a PNG or JPEG, and choose that.",

  "colour.place": "Photograph, row {row}, column {column}",
  "colour.here": "red {red}, green {green}, blue {blue}",
  "colour.spoken": "red {red}, green {green}, blue {blue}; the three slices give {sums}, together {value}",

  "classes.loss.cat": "Cross-entropy for a cat: −ln {share} =",
  "classes.loss.dog": "Cross-entropy for a dog: −ln {share} =",
  "classes.same":
    "The two scores differ by {difference}, which is the one score: both ways give the dog {dog}. A sigmoid of " +
    "{score} is a softmax of 0 and {score}.",
  "classes.other":
    "The two scores differ by {difference}, and the one score is {score}. Make these equal, and both ways give " +
    "the same.",
  "classes.three":
    "A third class takes its share from both, in proportion. One score alone has no place for it: it can only say " +
    "which of two classes, and how surely.",

  "augmentation.nothing": "Nothing is changed.",
  "augmentation.done": "Changed: {changes}.",
  "augmentation.flip": "flipped",
  "augmentation.rotate": "rotated by {amount}",
  "augmentation.shear": "sheared by {amount}",
  "augmentation.zoom": "zoomed {amount}",
  "augmentation.across": "shifted to the right by {amount}",
  "augmentation.down": "shifted down by {amount}",
  "augmentation.brightness": "brightness {amount}",
  "augmentation.cutout": "a square of {amount} of the side cut out",

  "overfitting.early":
    "After epoch {epoch} both are still learning. Without augmentation {plain} of the other pictures are right, " +
    "with it {augmented}.",
  "overfitting.best":
    "After epoch {epoch}, without augmentation, the loss on the other pictures is at its lowest: who stops early " +
    "stops here. {plain} of them are right; with augmentation {augmented}.",
  "overfitting.late":
    "Without augmentation the loss on the other pictures was lowest after epoch {best}. Now the training pictures " +
    "are {gap} ahead: what it still learns, it learns by heart. {plain} of the others are right; with augmentation " +
    "{augmented}.",

  "points.maps": "{count} maps",
  "points.paper": "most likely paper, {share}",
  "points.digit": "most likely a digit’s ink, {share}",
  "points.other": "most likely other ink, {share}",
  "points.outside": "most likely no page, {share}",

  "softmax.example":
    "The first row in full: e to the power of {score} is {power}; divided by {total} this gives {share}.",

  "descent.next": "{weight} − {rate} × {slope} = {after}",
  "descent.flown": "It has left the landscape: the learning rate is too large. Start again with a smaller one.",
  "descent.bottom":
    "The slope is almost zero: this is the bottom of a valley, so the steps hardly move the weight any more.",
  "descent.start": "The weight starts here. The slope shows which way is down.",
  "descent.tooFar": "Too far: it is on the other side now, and higher than before.",
  "descent.overshot": "It overshot: it is on the other side now, though lower than before.",
  "descent.downhill": "Downhill: the loss is smaller than before.",
  "descent.uphill": "Uphill: the step was too long.",

  "backpropagation.spoken": "the output is {output}. {words}",
  "backpropagation.nothing": "The loss does not depend on this output: nothing is passed back, and nothing changes.",
  "backpropagation.smaller":
    "The loss would fall if this output were smaller. After one step with the learning rate {rate} the same " +
    "window gives {after} instead of {output}.",
  "backpropagation.larger":
    "The loss would fall if this output were larger. After one step with the learning rate {rate} the same " +
    "window gives {after} instead of {output}.",
};
