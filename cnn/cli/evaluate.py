"""python -m cnn evaluate: measure a model."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from cnn.cli import evaluate_pictures
from cnn.cli.options import Commands, add_data_option, check_outputs, count
from cnn.data import Dataset, load_mnist
from cnn.evaluation.allographs import allographs_table, measure_allographs
from cnn.evaluation.classes import draw_confusion
from cnn.evaluation.figures import measure
from cnn.evaluation.habits import habits_table, measure_habits
from cnn.evaluation.named import measure_named, named_table
from cnn.evaluation.numbers import measure_numbers, numbers_table
from cnn.evaluation.others import measure_others
from cnn.evaluation.pages import draw_misread_pages, measure_pages, pages_table
from cnn.evaluation.refusals import measure_refusals, refusals_table
from cnn.evaluation.robustness import (
    Condition,
    draw_mistakes,
    measure_robustness,
    raw_mistakes,
    robustness_table,
    spread,
)
from cnn.evaluation.signs import measure_signs, signs_table
from cnn.models.model import Model
from cnn.models.model_file import load_model
from cnn.reading.reader import read, read_by_map

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("evaluate", help="measure a model on test pictures")
    parser.set_defaults(command=_run)
    add_data_option(parser)
    parser.add_argument(
        "--folder", type=Path, help="with --model: a folder of pictures for each class"
    )
    parser.add_argument("--model", type=Path, help="a model file (default: the one that ships)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--limit", type=count, help="use at most this many pictures, or this many of each kind"
    )
    parser.add_argument("--wrong", type=Path, help="save a sheet of what was read wrongly")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--confusion", type=Path, help="save the confusion matrix as a picture")
    what.add_argument(
        "--robustness", action="store_true", help="corrupt the pictures in every way there is"
    )
    what.add_argument(
        "--numbers", action="store_true", help="read whole numbers in photographs made of them"
    )
    what.add_argument(
        "--pages", action="store_true", help="read made pages of every kind that people send"
    )
    what.add_argument(
        "--garbage",
        action="store_true",
        help="count how often non-digits are refused",
    )
    what.add_argument(
        "--strokes", action="store_true", help="read made digits of every form that people write"
    )
    what.add_argument(
        "--habits", action="store_true", help="read 1s and 7s by what their writer's others are"
    )
    what.add_argument(
        "--signs", action="store_true", help="read numbers with points, minus and other signs"
    )
    what.add_argument(
        "--named", type=Path, help="read a folder of pictures called kind-1__42.png, which show 42"
    )
    what.add_argument(
        "--others", action="store_true", help="read other people's digits, and those of fonts"
    )
    parser.add_argument(
        "--photographs", type=Path, help="with --garbage: a folder of photographs without digits"
    )
    finding = parser.add_mutually_exclusive_group()
    finding.add_argument(
        "--rules-only",
        action="store_true",
        help="do not ask the network that finds the digits of a page",
    )
    finding.add_argument(
        "--map-only",
        action="store_true",
        help="with --pages: read only what the network that finds the digits of a page finds",
    )


def _run(options: argparse.Namespace) -> int:
    check_outputs(pictures=[options.confusion, options.wrong])
    if options.wrong and (
        options.numbers or options.garbage or options.habits or options.signs or options.named
    ):
        raise ValueError(
            "--wrong draws single digits or pages: it goes with --robustness, --strokes, "
            "--others, --pages, or alone"
        )
    if options.photographs and not options.garbage:
        raise ValueError("--photographs goes with --garbage")
    if options.map_only and not options.pages:
        raise ValueError("--map-only goes with --pages")
    model = load_model(options.model)
    if options.rules_only:
        model = replace(model, page=None)
    if options.folder is not None:
        return evaluate_pictures.run(options, model)
    if model.normalisation != "digits":
        raise ValueError(f"the model {model.name!r} is measured on pictures: add --folder")
    if options.strokes:
        return _evaluate_strokes(options, model)
    if options.habits:
        return _evaluate_habits(options, model)
    if options.named is not None:
        return _evaluate_named(options, model)
    if options.signs:
        return _evaluate_signs(options, model)
    if options.others:
        return _print_conditions(options, model, measure_others(model, limit=options.limit))
    _, test = load_mnist(options.data, progress=not options.json)
    if options.robustness:
        conditions = measure_robustness(model, test, limit=options.limit)
        return _print_conditions(options, model, conditions)
    if options.numbers:
        return _evaluate_numbers(options, model, test)
    if options.pages:
        return _evaluate_pages(options, model, test)
    if options.garbage:
        return _evaluate_garbage(options, model, test)
    test = spread(test, options.limit)
    figures = {"model": model.name, **measure(model, test)}
    if options.wrong is not None:
        mistakes = (("", mistake) for mistake in raw_mistakes(model, test))
        draw_mistakes(mistakes, each=64).save(options.wrong)
    if options.confusion is not None:
        draw_confusion(model, figures).save(options.confusion)
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


def _print_conditions(
    options: argparse.Namespace, model: Model, conditions: Sequence[Condition]
) -> int:
    mistakes = [(c.name, mistake) for c in conditions for mistake in c.mistakes]
    if options.wrong is not None:
        draw_mistakes(mistakes).save(options.wrong)
    if options.json:
        figures = [asdict(replace(c, mistakes=())) for c in conditions]
        print(json.dumps({"model": model.name, "conditions": figures}))
    else:
        counts = ", ".join(sorted({f"{condition.count:,}" for condition in conditions}))
        print(f"{model.name}, {counts} digits each\n{robustness_table(conditions)}")
    return 0


def _evaluate_strokes(options: argparse.Namespace, model: Model) -> int:
    each = {"each": options.limit} if options.limit else {}
    forms = measure_allographs(model, **each)
    if options.wrong is not None:
        mistakes = [(form.name, mistake) for form in forms for mistake in form.mistakes]
        draw_mistakes(mistakes).save(options.wrong)
    if options.json:
        figures = [asdict(replace(form, mistakes=())) for form in forms]
        print(json.dumps({"model": model.name, "forms": figures}))
    else:
        print(f"{model.name}, {forms[0].count:,} digits each\n{allographs_table(forms)}")
    return 0


def _evaluate_habits(options: argparse.Namespace, model: Model) -> int:
    figures = measure_habits(model, **({"each": options.limit} if options.limit else {}))
    if options.json:
        print(json.dumps({"model": model.name, "habits": [asdict(one) for one in figures]}))
    else:
        print(f"{model.name}\n{habits_table(figures)}")
    return 0


def _evaluate_numbers(options: argparse.Namespace, model: Model, test: Dataset) -> int:
    kinds = measure_numbers(model, test, **({"each": options.limit} if options.limit else {}))
    if options.json:
        print(json.dumps({"model": model.name, "kinds": [asdict(kind) for kind in kinds]}))
        return 0
    print(f"{model.name}\n{numbers_table(kinds)}")
    for kind in kinds:
        for text, answer in kind.wrong:
            shown = (part.replace("\n", " / ") or "refused" for part in (text, answer))
            print(f"{kind.kind}: " + ", read ".join(shown))
    return 0


def _evaluate_pages(options: argparse.Namespace, model: Model, test: Dataset) -> int:
    reader = read_by_map if options.map_only else read
    kinds = measure_pages(
        model, test, reader=reader, **({"each": options.limit} if options.limit else {})
    )
    if options.wrong is not None:
        draw_misread_pages(kinds).save(options.wrong)
    if options.json:
        figures = [
            {
                "kind": kind.kind,
                "count": kind.count,
                "numbers": kind.numbers,
                "digits": kind.digits,
                "wrong": [[page.text, page.answer] for page in kind.wrong],
            }
            for kind in kinds
        ]
        print(json.dumps({"model": model.name, "kinds": figures}))
    else:
        print(f"{model.name}\n{pages_table(kinds)}")
    return 0


def _evaluate_named(options: argparse.Namespace, model: Model) -> int:
    kinds = measure_named(model, options.named)
    if options.json:
        print(json.dumps({"model": model.name, "kinds": [asdict(one) for one in kinds]}))
    else:
        print(f"{model.name}\n{named_table(kinds)}")
    return 0


def _evaluate_signs(options: argparse.Namespace, model: Model) -> int:
    figures = measure_signs(model, **({"each": options.limit} if options.limit else {}))
    if options.json:
        print(json.dumps({"model": model.name, "signs": [asdict(one) for one in figures]}))
    else:
        print(f"{model.name}\n{signs_table(figures)}")
    return 0


def _evaluate_garbage(options: argparse.Namespace, model: Model, test: Dataset) -> int:
    each = {"each": options.limit} if options.limit else {}
    some = spread(test, options.limit)
    kinds = measure_refusals(model, some, photographs=options.photographs, **each)
    if options.json:
        print(json.dumps({"model": model.name, "kinds": [asdict(kind) for kind in kinds]}))
    else:
        print(f"{model.name}\n{refusals_table(kinds)}")
    return 0
