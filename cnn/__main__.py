"""The command line: python -m cnn train | evaluate | predict."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cnn.data import Dataset, as_floats, load_mnist
from cnn.errors import CNNError, PictureError
from cnn.evaluation.charts import confusion_matrix_chart, learning_curves
from cnn.evaluation.metrics import accuracy, confusion_matrix, expected_calibration_error
from cnn.evaluation.numbers import measure_numbers, numbers_table
from cnn.evaluation.refusals import measure_refusals, refusals_table
from cnn.evaluation.robustness import (
    draw_mistakes,
    measure_robustness,
    raw_mistakes,
    robustness_table,
    spread,
)
from cnn.explanation.neighbours import save_neighbours
from cnn.models.model_file import load_model, save_model
from cnn.models.sequential import Sequential
from cnn.models.zoo import ARCHITECTURES
from cnn.reading.reader import Reading, read
from cnn.recipes.digits import DIGITS, follow
from cnn.training.callbacks import Callback, Checkpoint

_NEIGHBOURS = 6000  # training pictures that the explanation looks for likenesses in


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and return the exit status: 0, or 1 after a one-line error."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (CNNError, OSError, ValueError, FloatingPointError) as error:
        print(f"cnn: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("cnn: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cnn", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = commands.add_parser("train", help="train a digit model on MNIST")
    train.set_defaults(command=_train)
    _add_data_option(train)
    train.add_argument("--out", type=Path, required=True, help="where the model is written")
    train.add_argument("--architecture", choices=ARCHITECTURES, default=DIGITS.architecture)
    train.add_argument("--epochs", type=_count, default=DIGITS.epochs)
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--limit", type=_count, help="use only so many training pictures")
    train.add_argument("--name", default="digits-1", help="what the model is called")
    train.add_argument(
        "--neighbours", type=Path, help="save training pictures for the explanation to find"
    )
    train.add_argument("--curves", type=Path, help="save the learning curves as a picture")
    train.add_argument(
        "--checkpoint", type=Path, help="save after every epoch; go on from it if it is there"
    )
    train.add_argument("--quiet", action="store_true", help="show no progress")

    evaluate = commands.add_parser("evaluate", help="measure a model on MNIST's test pictures")
    evaluate.set_defaults(command=_evaluate)
    _add_data_option(evaluate)
    evaluate.add_argument("--model", type=Path, help="a model file (default: the one that ships)")
    evaluate.add_argument("--json", action="store_true", help="print JSON")
    evaluate.add_argument(
        "--limit", type=_count, help="use only so many pictures, or so many of each kind"
    )
    evaluate.add_argument("--wrong", type=Path, help="save a sheet of what is read wrong")
    what = evaluate.add_mutually_exclusive_group()
    what.add_argument("--confusion", type=Path, help="save the confusion matrix as a picture")
    what.add_argument(
        "--robustness", action="store_true", help="corrupt the pictures in every way there is"
    )
    what.add_argument(
        "--numbers", action="store_true", help="read whole numbers in photographs made of them"
    )
    what.add_argument(
        "--garbage", action="store_true", help="count how often what is no digit is refused"
    )
    evaluate.add_argument(
        "--photographs", type=Path, help="with --garbage: a folder of photographs without digits"
    )

    predict = commands.add_parser("predict", help="read the digits in pictures")
    predict.set_defaults(command=_predict)
    predict.add_argument("pictures", nargs="+", type=Path, metavar="picture")
    predict.add_argument("--model", type=Path, help="a model file (default: the one that ships)")
    predict.add_argument("--json", action="store_true", help="print one JSON object a line")
    return parser


def _add_data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, help="folder of MNIST's four files (default: downloaded once)"
    )


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def _check_outputs(*paths: Path | None, pictures: Sequence[Path | None] = ()) -> None:
    """Find out before long work, not after it, that a result could not be saved."""
    for path in (*paths, *pictures):
        if path is not None and not path.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {path.parent} to save {path.name} in")
    for path in pictures:
        if path is not None and path.suffix.lower() not in Image.registered_extensions():
            raise ValueError(f"{path}: a picture's name ends in .png or another picture format's")


def _train(options: argparse.Namespace) -> int:
    _check_outputs(options.out, options.checkpoint, options.neighbours, pictures=[options.curves])
    train, test = load_mnist(options.data, progress=not options.quiet)
    recipe = replace(DIGITS, architecture=options.architecture, epochs=options.epochs)
    if options.limit is not None:
        train = train.subset(np.arange(min(options.limit, len(train))))
        recipe = replace(recipe, held_out=max(1, min(recipe.held_out, len(train) // 10)))
    callbacks: list[Callback] = []
    if not options.quiet:
        from cnn.training.progress import ProgressBar

        callbacks.append(ProgressBar())
    resume = None
    if options.checkpoint is not None:
        callbacks.append(Checkpoint(options.checkpoint))
        resume = options.checkpoint if options.checkpoint.exists() else None
    network, history = follow(
        recipe, train, seed=options.seed, callbacks=tuple(callbacks), resume=resume
    )
    figures = _measure(network, test)
    network.metadata = {
        "name": options.name,
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "trained_on": f"MNIST, {len(train) - recipe.held_out:,} training pictures",
        "accuracy": figures["accuracy"],
        "seed": options.seed,
    }
    save_model(network, options.out)
    if options.neighbours is not None:
        count = min(_NEIGHBOURS, len(train) // 2)
        _, chosen = train.split(count, rng=np.random.default_rng(1))
        save_neighbours(network, chosen, options.neighbours)
    if options.curves is not None:
        learning_curves(history).save(options.curves)
    print(f"{options.out}: {figures['accuracy']:.2%} of {len(test):,} test pictures read right")
    return 0


def _measure(network: Sequential, test: Dataset) -> dict[str, Any]:
    probabilities = network.predict(as_floats(test.images))
    return {
        "accuracy": accuracy(probabilities, test.labels),
        "expected_calibration_error": expected_calibration_error(probabilities, test.labels),
        "count": len(test),
        "confusion_matrix": confusion_matrix(probabilities, test.labels).tolist(),
    }


def _evaluate(options: argparse.Namespace) -> int:
    _check_outputs(pictures=[options.confusion, options.wrong])
    if options.wrong and (options.numbers or options.garbage):
        raise ValueError("--wrong draws single digits: it goes with --robustness, or alone")
    if options.photographs and not options.garbage:
        raise ValueError("--photographs goes with --garbage")
    network = load_model(options.model)
    _, test = load_mnist(options.data, progress=not options.json)
    name = str(network.metadata.get("name", options.model))
    if options.robustness:
        return _evaluate_robustness(options, name, network, test)
    if options.numbers:
        return _evaluate_numbers(options, name, network, test)
    if options.garbage:
        return _evaluate_garbage(options, name, network, test)
    test = spread(test, options.limit)
    figures = {"model": name, **_measure(network, test)}
    if options.wrong is not None:
        mistakes = (("", mistake) for mistake in raw_mistakes(network, test))
        draw_mistakes(mistakes, each=64).save(options.wrong)
    if options.confusion is not None:
        title = f"{figures['model']}: {figures['accuracy']:.2%}"
        chart = confusion_matrix_chart(figures["confusion_matrix"], test.classes, title=title)
        chart.save(options.confusion)
    print(json.dumps(figures) if options.json else _figures_text(figures, test.classes))
    return 0


def _figures_text(figures: dict[str, Any], classes: Sequence[str]) -> str:
    wrong = round(figures["count"] * (1 - figures["accuracy"]))
    lines = [
        f"{figures['model']}: accuracy {figures['accuracy']:.2%}",
        f"{wrong} of {figures['count']:,} read wrong",
        f"expected calibration error {figures['expected_calibration_error']:.2%}",
        "confusion matrix (rows: true digit, columns: answer)",
        "     " + "".join(f"{name:>6}" for name in classes),
    ]
    for name, row in zip(classes, figures["confusion_matrix"], strict=True):
        lines.append(f"{name:>5}" + "".join(f"{count:>6}" for count in row))
    return "\n".join(lines)


def _evaluate_robustness(
    options: argparse.Namespace, name: str, network: Sequential, test: Dataset
) -> int:
    conditions = measure_robustness(network, test, limit=options.limit)
    mistakes = [(c.name, mistake) for c in conditions for mistake in c.mistakes]
    if options.wrong is not None:
        draw_mistakes(mistakes).save(options.wrong)
    if options.json:
        figures = [asdict(replace(c, mistakes=())) for c in conditions]
        print(json.dumps({"model": name, "conditions": figures}))
    else:
        print(f"{name}, {conditions[0].count:,} digits each\n{robustness_table(conditions)}")
    return 0


def _evaluate_numbers(
    options: argparse.Namespace, name: str, network: Sequential, test: Dataset
) -> int:
    kinds = measure_numbers(network, test, **({"each": options.limit} if options.limit else {}))
    if options.json:
        print(json.dumps({"model": name, "kinds": [asdict(kind) for kind in kinds]}))
        return 0
    print(f"{name}\n{numbers_table(kinds)}")
    for kind in kinds:
        for text, answer in kind.wrong:
            shown = (part.replace("\n", " / ") or "refused" for part in (text, answer))
            print(f"{kind.kind}: " + ", read ".join(shown))
    return 0


def _evaluate_garbage(
    options: argparse.Namespace, name: str, network: Sequential, test: Dataset
) -> int:
    each = {"each": options.limit} if options.limit else {}
    some = spread(test, options.limit)
    kinds = measure_refusals(network, some, photographs=options.photographs, **each)
    if options.json:
        print(json.dumps({"model": name, "kinds": [asdict(kind) for kind in kinds]}))
    else:
        print(f"{name}\n{refusals_table(kinds)}")
    return 0


def _predict(options: argparse.Namespace) -> int:
    network = load_model(options.model)
    failed = False
    for path in options.pictures:
        try:
            reading = read(network, path)
        except PictureError as error:
            print(f"cnn: {path}: {error}", file=sys.stderr)
            failed = True
            continue
        print(_as_json(path, reading) if options.json else _as_text(path, reading))
    return int(failed)


def _as_text(path: Path, reading: Reading) -> str:
    if reading.refusal is not None:
        return f"{path}: {reading.refusal.message}"
    least = min(digit.confidence for digit in reading.digits)
    answer = f"{path}: {reading.text.replace(chr(10), ' / ')} (confidence {least:.1%})"
    return answer if reading.left_out is None else f"{answer}\n{path}: {reading.left_out.message}"


def _as_json(path: Path, reading: Reading) -> str:
    return json.dumps(
        {
            "picture": str(path),
            "text": reading.text,
            "digits": [
                {"digit": d.digit, "confidence": d.confidence, "box": d.box} for d in reading.digits
            ],
            "refusal": reading.refusal and asdict(reading.refusal),
            "left_out": reading.left_out and asdict(reading.left_out),
        }
    )


if __name__ == "__main__":
    sys.exit(main())
