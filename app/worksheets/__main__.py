"""Worksheets from the command line, without site or database: `python -m app.worksheets`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import cnn
from app.worksheets.drawing import Heading, number_of_name
from app.worksheets.errors import WorksheetError
from app.worksheets.layout_file import parse_layout, write_layout
from app.worksheets.making import make_worksheet
from app.worksheets.marking import MarkedPage, NotFound, mark_files
from app.worksheets.paper import PAPERS
from app.worksheets.questions import KINDS, make_questions
from app.worksheets.sentences import say_in_english
from app.worksheets.tables import read_names, read_questions
from cnn.errors import ModelFileError
from cnn.files import write_atomically

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 after a sentence that says what is wrong."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except WorksheetError as error:
        print(say_in_english(error), file=sys.stderr)
        return 1
    except ModelFileError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.worksheets", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    make = commands.add_parser("make", help="make a worksheet as PDF, with its layout")
    make.set_defaults(run=_make)
    _add_making(make)
    marking = commands.add_parser("mark", help="mark photographs and scans of a worksheet")
    marking.set_defaults(run=_mark)
    marking.add_argument("--layout", type=Path, required=True, metavar="JSON", help="as made")
    marking.add_argument("--out", type=Path, required=True, metavar="JSON", help="the marks")
    marking.add_argument("--model", type=Path, metavar="FILE", help="another model for digits")
    marking.add_argument(
        "pages", type=Path, nargs="+", metavar="PAGE", help="pictures, or PDF or TIFF with several"
    )
    return parser


def _add_making(make: argparse.ArgumentParser) -> None:
    what = make.add_mutually_exclusive_group(required=True)
    what.add_argument("--kind", choices=sorted(KINDS), help="the kind of the questions")
    what.add_argument(
        "--questions", type=Path, metavar="CSV", help="own questions: columns question,answer"
    )
    make.add_argument("--count", type=int, default=20, help="how many questions (20)")
    make.add_argument("--seed", type=int, default=0, help="another seed, other questions (0)")
    make.add_argument("--low", type=int, help="the least number in a question")
    make.add_argument("--high", type=int, help="the greatest number in a question")
    make.add_argument(
        "--carries",
        choices=("any", "yes", "no"),
        default="any",
        help="whether digits of sums and differences carry over (any)",
    )
    make.add_argument("--columns", type=int, help="columns of a page (2 if they fit)")
    make.add_argument(
        "--boxes",
        choices=("digit", "number"),
        default="digit",
        help="a box for each digit of an answer, or one for the number (digit)",
    )
    make.add_argument("--paper", choices=tuple(PAPERS), default="A4", help="(A4)")
    make.add_argument("--title", default="", help="the title of every page")
    make.add_argument(
        "--names", type=Path, metavar="FILE", help="pupils, one a line: pages for each"
    )
    make.add_argument("--out", type=Path, required=True, metavar="PDF", help="the worksheet")
    make.add_argument("--layout", type=Path, required=True, metavar="JSON", help="for marking")
    make.add_argument("--answers", type=Path, metavar="PDF", help="the answer sheet")


def _make(options: argparse.Namespace) -> None:
    if options.questions is not None:
        questions = read_questions(options.questions.read_bytes())
    else:
        questions = make_questions(
            options.kind,
            options.count,
            seed=options.seed,
            low=options.low,
            high=options.high,
            carries=options.carries,
        )
    names = read_names(options.names.read_bytes()) if options.names else ()
    made = make_worksheet(
        questions,
        PAPERS[options.paper],
        heading=Heading(title=options.title),
        names=names,
        columns=options.columns,
        boxes=options.boxes,
    )
    write_atomically(options.out, made.pdf)
    write_atomically(options.layout, write_layout(made.layout).encode())
    if options.answers:
        write_atomically(options.answers, made.answers)
    for number, name in enumerate(names, 1):
        if shown := number_of_name(name, number):
            print(f"{name} cannot be printed: the pages say {shown}", file=sys.stderr)


def _opened(paths: Sequence[Path]) -> Iterator[tuple[str, IO[bytes]]]:
    for path in paths:
        with path.open("rb") as file:
            yield str(path), file


def _mark(options: argparse.Namespace) -> None:
    layout = parse_layout(options.layout.read_bytes())
    model = cnn.load_model(options.model)
    pages: list[dict[str, Any]] = []
    not_found: list[dict[str, str]] = []
    for one in mark_files(model, layout, _opened(options.pages)):
        if isinstance(one, MarkedPage):
            pages.append(_page(one, several=len(layout.pages) > 1))
        else:
            not_found.append(_reason(one))
    marks = {"pages": pages, "not_found": not_found}
    text = json.dumps(marks, ensure_ascii=False, indent=1) + "\n"
    write_atomically(options.out, text.encode())


def _page(marked: MarkedPage, *, several: bool) -> dict[str, Any]:
    """Return a marked page for JSON: `page` is its place in the file."""
    which: dict[str, Any] = {"file": marked.file, "page": marked.number}
    if several:
        which["sheet_page"] = marked.code.page
    if marked.code.pupil:
        which["pupil"] = marked.code.pupil
    questions = [
        {
            "text": question.text,
            "read": question.read,
            "confidence": round(question.confidence, 4),
            "mark": question.mark,
        }
        for question in marked.questions
    ]
    return {**which, "questions": questions}


def _reason(one: NotFound) -> dict[str, str]:
    reason = say_in_english(one.error)
    place = f"Page {one.number}: {reason}" if one.of_several else reason
    return {"file": one.file, "reason": place}


if __name__ == "__main__":
    sys.exit(main())
