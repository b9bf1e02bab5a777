import pytest

from app.one_line import is_one_line


@pytest.mark.parametrize(
    "text", ["Mia", "שירה", "نرگس\u200cسادات", "\N{WOMAN}\u200d\N{SCHOOL}", "<b>x</b>", "a" * 40]
)
def test_what_people_are_called(text):
    assert is_one_line(text, most=40)


@pytest.mark.parametrize("text", ["", " ", "\u200d", "a" * 41, "x\ny", "\u202eabc", "\0", "\ufeff"])
def test_what_nobody_sees_or_breaks_the_line(text):
    assert not is_one_line(text, most=40)
