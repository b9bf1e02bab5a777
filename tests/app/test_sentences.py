"""Every code of the library and the services has a sentence, in every language."""

from typing import Any, get_args

from app.errors import CodedError, ErrorCode
from app.languages import ENGLISH, Languages
from app.sentences import describe_refusal, explain_in_english, say_error, say_switch
from cnn.errors import ChoiceError, ChoiceErrorReason, PictureError, PictureErrorReason
from cnn.explanation.explain import SWITCHES
from cnn.vision.normalise import Refusal, RefusalReason
from tests.app.pseudo import is_plain


def test_every_code_has_a_sentence(translations):
    hebrew = Languages.load(translations).choose(["he"])
    numbers = (
        "channels",
        "count",
        "digit",
        "high",
        "least",
        "low",
        "most",
        "place",
        "size",
        "padding",
        "height",
        "width",
        "line",
        "offset",
        "epoch",
        "number",
        "megabytes",
        "sheets",
    )
    texts = (
        "first",
        "second",
        "classes",
        "name",
        "names",
        "path",
        "problem",
        "log",
        "stages",
        "formats",
        "entry",
        "label",
        "shape",
        "day",
        "since",
        "until",
        "digits",
        "base",
        "version",
        "set",
        "before",
        "after",
        "present",
        "compared",
        "choices",
        "file",
        "kinds",
        "letter",
        "text",
        "title",
        "papers",
    )
    values: dict[str, Any] = {**dict.fromkeys(numbers, 3), **dict.fromkeys(texts, "7")}
    errors: list[Any] = [CodedError(code, **values) for code in get_args(ErrorCode)]
    errors += [
        PictureError("", code="truncated", reason=reason, **values)
        for reason in get_args(PictureErrorReason)
    ]
    errors += [ChoiceError("", reason=one, **values) for one in get_args(ChoiceErrorReason)]
    for error in errors:
        assert not is_plain(say_error(error, hebrew)), error
        assert say_error(error, ENGLISH).endswith(".")
    for reason in get_args(RefusalReason):
        told = describe_refusal(Refusal("blank", reason), hebrew)
        assert told is not None
        assert not is_plain(told["message"])
    for stage in SWITCHES:
        assert not is_plain(say_switch(stage, hebrew))


def test_a_command_explains_in_english():
    assert explain_in_english(CodedError("throttled", count=1)) == (
        "Too many attempts. Wait 1 second and try again."
    )
    assert explain_in_english(ValueError("as it is")) == "as it is"
    assert str(CodedError("label_limit", count=2)) == "label limit (count: 2)"
    assert str(CodedError("account_gone")) == "account gone"
