"""What the library says by a reason, the command line says in a sentence."""

from __future__ import annotations

from typing import get_args

import pytest

from cnn.cli.words import say_error, say_refusal
from cnn.errors import PictureError, PictureErrorReason
from cnn.vision.decode import MAX_BYTES, open_picture
from cnn.vision.normalise import Refusal, RefusalReason

VALUES: dict[str, str | int] = {
    "path": "a.png",
    "formats": "PNG, JPEG",
    "problem": "No such file",
    "size": 3_100_000,
    "most": 3_000_000,
}


@pytest.mark.parametrize("reason", get_args(RefusalReason))
def test_every_reason_to_refuse_has_a_sentence(reason: RefusalReason) -> None:
    assert say_refusal(Refusal("not_a_digit", reason)).endswith(".")


@pytest.mark.parametrize("reason", get_args(PictureErrorReason))
def test_every_reason_why_a_picture_cannot_be_read_has_a_sentence(
    reason: PictureErrorReason,
) -> None:
    words = say_error(PictureError("", code="not_a_picture", reason=reason, **VALUES))
    assert words.endswith(".")
    assert "{" not in words


def test_an_error_of_a_picture_carries_its_numbers_and_words_for_programmers() -> None:
    with pytest.raises(PictureError, match=str(MAX_BYTES)) as caught:
        open_picture(bytes(MAX_BYTES + 100))
    error = caught.value
    assert (error.code, error.reason) == ("too_large", "too_many_bytes")
    assert error.values == {"size": MAX_BYTES + 100, "most": MAX_BYTES}
    with pytest.raises(TypeError):
        error.values["most"] = 1  # type: ignore[index]
    assert "3,000,100 bytes; the limit is 3,000,000" in say_error(error)
