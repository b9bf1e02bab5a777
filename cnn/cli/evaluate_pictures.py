"""python -m cnn evaluate --folder: measure a model on a folder of pictures for each class."""

from __future__ import annotations

import argparse
import json

from cnn.cli.train_pictures import save_figures, tell_left_out
from cnn.data import find_parts, read_folder
from cnn.evaluation.classes import figures_table
from cnn.evaluation.figures import measure
from cnn.evaluation.robustness import spread
from cnn.models.model import Model

__all__ = ["run"]


def run(options: argparse.Namespace, model: Model) -> int:
    """Measure a model on the test pictures of a folder, or on all if it has no parts."""
    if model.normalisation != "picture":
        raise ValueError(f"the model {model.name!r} reads digits: it is measured on MNIST")
    kinds = ("robustness", "numbers", "pages", "garbage", "strokes", "others")
    if any(getattr(options, kind) for kind in kinds):
        *most, last = (f"--{kind}" for kind in kinds)
        raise ValueError(f"{', '.join(most)} and {last} are for models of digits")
    channels, height, width = model.input_shape
    parts = find_parts(options.folder)
    found = read_folder(
        parts.get("test") or parts.get("validation") or parts["train"],
        size=(height, width),
        channels=channels,
        classes=model.classes,
        progress=not options.json,
    )
    tell_left_out(found.left_out, strict=False)
    test = spread(found.data, options.limit)
    figures = {"model": model.name, **measure(model, test)}
    save_figures(model, test, figures, mistakes=options.wrong, confusion=options.confusion)
    print(json.dumps(figures) if options.json else figures_table(figures, model.classes))
    return 0
