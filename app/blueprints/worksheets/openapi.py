"""What the API's document says of worksheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from app.languages import mark
from app.web.openapi import Operation, file_answer, json_answer
from app.web.schemas import (
    BOOLEAN,
    COUNT,
    PROBABILITY,
    TEXT,
    UUID_TEXT,
    array_of,
    object_of,
    or_null,
)
from app.worksheets.layout import Boxes
from app.worksheets.paper import PAPERS
from app.worksheets.questions import KINDS, MOST_QUESTIONS, Carries

__all__ = [
    "ANSWER",
    "ANSWERS",
    "ANSWER_PICTURE",
    "DOUBTFUL",
    "LIST",
    "MAKE",
    "MARKED",
    "MARKING",
    "NAMES",
    "NAME_PICTURE",
    "PAGE_PDF",
    "PAGE_PICTURE",
    "RESULTS",
    "SEND",
    "SHEET",
    "SHOW",
]

_TAG = mark("Worksheets")
_ID = {"worksheet_id": mark("The worksheet’s id.")}
_PAGE = _ID | {"page_id": mark("The id of a page that came back.")}
_ANSWER = _PAGE | {"place": mark("The answer’s place on the page, from 0.")}
_MARK = {"type": "string", "enum": ["right", "wrong", "look"]}
_NUMBER = {"type": "integer", "minimum": 0, "maximum": 10**9}
_OWN_QUESTION = object_of(question=TEXT, answer=TEXT)
_OPTIONS: dict[str, Any] = {
    "kind": {"type": "string", "enum": sorted(KINDS)},
    "count": {"type": "integer", "minimum": 1, "maximum": MOST_QUESTIONS},
    "seed": _NUMBER | {"description": mark("The same seed, the same questions.")},
    "low": or_null(_NUMBER),
    "high": or_null(_NUMBER),
    "carries": {"type": "string", "enum": list(get_args(Carries))},
    "columns": or_null({"type": "integer", "minimum": 1, "maximum": 4}),
    "boxes": {"type": "string", "enum": list(get_args(Boxes))},
    "paper": {"type": "string", "enum": sorted(PAPERS)},
    "title": TEXT,
    "names": array_of(TEXT) | {"description": mark("Pupils: pages for each.")},
    "questions": {
        "anyOf": [array_of(_OWN_QUESTION), TEXT],
        "description": mark("Own questions, or a table as CSV with the columns question,answer."),
    },
}
_ONE = {
    "number": COUNT,
    "text": TEXT,
    "written": TEXT | {"description": mark("As a person says, else as it was read.")},
    "confidence": PROBABILITY,
    "mark": _MARK,
    "by_person": BOOLEAN,
}
_PUPIL = or_null(
    TEXT | {"description": mark("Without a list of names: as you said, null if you did not.")}
)
_NAMES: dict[str, Any] = {
    "type": "object",
    "additionalProperties": TEXT,
    "description": mark("Names by the ids of pages; empty for what nobody knows."),
}
_PAGE_BACK = object_of(
    id=UUID_TEXT,
    page=COUNT,
    pupil=_PUPIL,
    attempt=COUNT,
    counts=BOOLEAN | {"description": mark("Whether the pupil made no newer attempt.")},
    file=TEXT,
    number=COUNT,
    questions=array_of(object_of(**_ONE)),
)
_MARKING = object_of(waiting=COUNT, done=COUNT, total=or_null(COUNT), error=or_null(TEXT))
_WORKSHEET = object_of(
    id=UUID_TEXT,
    title=TEXT,
    pdf=TEXT,
    doubtful=COUNT,
    marking=_MARKING,
    pages=array_of(_PAGE_BACK),
    not_found=array_of(object_of(file=TEXT, page=COUNT, reason=TEXT)),
)
_PDF = "application/pdf"


def _file(summary: str, path: Mapping[str, str], content: str, media_type: str) -> Operation:
    """Describe a file of a worksheet, which its owner alone may have."""
    return Operation(
        tag=_TAG,
        summary=summary,
        path=path,
        answers={200: file_answer(content, media_type)},
        problems=(404,),
        needs_person=True,
    )


LIST = Operation(
    tag=_TAG,
    summary=mark("List one’s worksheets"),
    answers={
        200: json_answer(
            mark("The worksheets, newest first."),
            object_of(
                worksheets=array_of(
                    object_of(id=UUID_TEXT, title=TEXT, pdf=TEXT, pages=COUNT, doubtful=COUNT)
                )
            ),
        )
    },
    needs_person=True,
)

MAKE = Operation(
    tag=_TAG,
    summary=mark("Make a worksheet"),
    body={
        "application/json": {
            "schema": object_of(*_OPTIONS, **_OPTIONS),
            "example": {"kind": "addition", "count": 4, "seed": 7},
        }
    },
    answers={
        201: json_answer(
            mark("The worksheet’s id, and where its PDF is."), object_of(id=UUID_TEXT, pdf=TEXT)
        )
    },
    problems=(409, 413),
    needs_person=True,
)

SHOW = Operation(
    tag=_TAG,
    summary=mark("See what became of a worksheet"),
    description=mark("For its owner alone. `marking` says how far the last pages sent are."),
    path=_ID,
    answers={200: json_answer(mark("The worksheet, and the pages that came back."), _WORKSHEET)},
    problems=(404,),
    needs_person=True,
)

SHEET = _file(
    mark("Download a worksheet to be printed"), _ID, mark("All its pages, for each pupil."), _PDF
)

ANSWERS = _file(mark("Download a worksheet’s answers"), _ID, mark("The answer sheet."), _PDF)

SEND = Operation(
    tag=_TAG,
    summary=mark("Send pages to be marked"),
    description=mark(
        "Photographs, scans, PDF or TIFF with many pages, in any direction. A pupil’s page that "
        "was marked before is a new attempt; twice in one sending, the second is not marked."
    ),
    path=_ID,
    body={
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["page"],
                "properties": {
                    "page": array_of({"type": "string", "format": "binary"}) | {"minItems": 1},
                    "sending": UUID_TEXT
                    | {"description": mark("The same for requests that are one sending.")},
                },
            },
            "example": {},
        }
    },
    answers={202: json_answer(mark("The job that marks them."), object_of(job=UUID_TEXT))},
    problems=(404, 409, 413),
    needs_person=True,
)

MARKING = Operation(
    tag=_TAG,
    summary=mark("Tell how far the marking is"),
    path=_ID,
    answers={200: json_answer(mark("Uploads that wait, and pages of these."), _MARKING)},
    problems=(404,),
    needs_person=True,
)

RESULTS = _file(
    mark("Download a worksheet’s results"),
    _ID,
    mark("A table of pupils and questions."),
    "text/csv",
)

MARKED = Operation(
    tag=_TAG,
    summary=mark("Download all marked pages"),
    path=_ID,
    answers={200: file_answer(mark("The pages with their marks."), _PDF)},
    problems=(404, 409),
    needs_person=True,
)

PAGE_PICTURE = _file(
    mark("See a marked page"), _PAGE, mark("The page with its marks."), "image/jpeg"
)

PAGE_PDF = _file(mark("Download a marked page"), _PAGE, mark("The page with its marks."), _PDF)

ANSWER_PICTURE = _file(
    mark("See an answer as it was written"), _ANSWER, mark("A part of the page."), "image/png"
)

NAMES = Operation(
    tag=_TAG,
    summary=mark("Say whose pages are that name no pupil"),
    description=mark("Of a worksheet without a list of names: all of them are kept, or none."),
    path=_ID,
    body={"application/json": {"schema": object_of(names=_NAMES), "example": {"names": {}}}},
    answers={200: json_answer(mark("The names as they are kept."), object_of(names=_NAMES))},
    problems=(404, 409, 413),
    needs_person=True,
)

NAME_PICTURE = _file(
    mark("Get the name as it is written on a page"),
    _PAGE,
    mark("The field for the name."),
    "image/png",
)

DOUBTFUL = Operation(
    tag=_TAG,
    summary=mark("List the answers that a person has to look at"),
    description=mark(
        "Those of one question stand together, the most doubtful first. Of a pupil’s attempts, "
        "only the newest is looked at."
    ),
    path=_ID,
    answers={
        200: json_answer(
            mark("The answers."),
            object_of(
                answers=array_of(
                    object_of(
                        **_ONE,
                        page=UUID_TEXT,
                        place=COUNT,
                        answer=TEXT,
                        pupil=_PUPIL,
                        attempt=COUNT,
                        attempts=COUNT,
                        file=TEXT,
                        picture=TEXT,
                        url=TEXT,
                    )
                )
            ),
        )
    },
    problems=(404,),
    needs_person=True,
)

ANSWER = Operation(
    tag=_TAG,
    summary=mark("Say how an answer is marked"),
    description=mark(
        "Send one: a mark, what is written there, or that both are undone. With `keep`, each digit "
        "that is written and has a box of its own becomes one of your labelled pictures."
    ),
    path=_ANSWER,
    body={
        "application/json": {
            "schema": object_of(
                "mark",
                "written",
                "undo",
                "keep",
                mark={"type": "string", "enum": ["right", "wrong"]},
                written={"type": "string", "pattern": "^[0-9]{0,8}$"},
                undo={"type": "boolean", "enum": [True]},
                keep=BOOLEAN,
            ),
            "example": {"mark": "right"},
        }
    },
    answers={
        200: json_answer(
            mark("The answer as it is marked now, and how many digits were kept."),
            object_of(**_ONE, kept=COUNT),
        )
    },
    problems=(404, 409, 413),
    needs_person=True,
)
