"""Catalogues of translations: read from what translators edit, chosen by what a browser prefers."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.errors import LanguageFileError
from app.languages import ENGLISH, Languages

TOP = Path(__file__).parents[2]

KOREAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "%(count)s picture"
msgid_plural "%(count)s pictures"
msgstr[0] "그림 %(count)s장"

msgid "At most %(most)s bytes by %(name)s."
msgstr "%(name)s: 최대 %(most)s바이트."

msgid "Half"
msgstr "50 %"

#, fuzzy
msgid "Log in"
msgstr "로그아웃"
"""


@pytest.fixture
def languages(tmp_path):
    (tmp_path / "ko.po").write_text(KOREAN, encoding="utf-8")
    (tmp_path / "he.po").write_text("", encoding="utf-8")
    (tmp_path / "pt-BR.po").write_text("", encoding="utf-8")
    return Languages.load(tmp_path)


def test_english_is_what_stands_in_the_code():
    assert ENGLISH.tag == "en-GB"
    assert ENGLISH.direction == "ltr"
    assert ENGLISH.say("At most %(most)s bytes by %(name)s.", most=3_000_000, name="Ann") == (
        "At most 3,000,000 bytes by Ann."
    )
    assert ENGLISH.say_count("%(count)s picture", "%(count)s pictures", 1) == "1 picture"
    assert ENGLISH.say_count("%(count)s picture", "%(count)s pictures", 2000) == "2,000 pictures"
    assert ENGLISH.number(97.34, decimals=1) == "97.3"
    assert ENGLISH.moment(datetime(2026, 1, 5, 8, 4, tzinfo=UTC)) == ("5 January 2026", "08:04")


def test_a_language_is_a_file(languages):
    korean = languages.choose(["ko"])
    assert korean.tag == "ko"
    assert korean.say("At most %(most)s bytes by %(name)s.", most=3_000_000, name="Ann") == (
        "Ann: 최대 3,000,000바이트."
    )
    assert korean.say_count("%(count)s picture", "%(count)s pictures", 2) == "그림 2장"
    assert korean.say("Half") == "50 %"
    assert korean.moment(datetime(2026, 1, 5, 8, 4, tzinfo=UTC))[0] == "2026년 1월 5일"


def test_what_is_not_translated_or_only_guessed_is_english(languages):
    korean = languages.choose(["ko"])
    assert korean.say("Sign up") == "Sign up"
    assert korean.say("Log in") == "Log in"


def test_some_languages_are_written_from_right_to_left(languages):
    assert languages.choose(["he"]).direction == "rtl"


@pytest.mark.parametrize(
    ("preferred", "tag"),
    [
        ([], "en-GB"),
        (["ko"], "ko"),
        (["ko-KR", "en"], "ko"),
        (["en-US", "ko"], "en-GB"),
        (["fr", "ko", "en"], "ko"),
        (["pt-BR"], "pt-BR"),
        (["pt-br"], "pt-BR"),
        (["*"], "en-GB"),
        (["x" * 1000, "1"], "en-GB"),
    ],
)
def test_the_first_preferred_language_that_is_there_is_chosen(languages, preferred, tag):
    assert languages.choose(preferred).tag == tag


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("ko.po", 'msgid "%(a)s"\nmsgstr "%(b)s"\n', "line 1.*placeholder"),
        ("ko.po", "Bonjour", "ko.po"),
        ("ko.po", b"\xff\xfe", "ko.po"),
        ("xx.po", "", "unknown locale 'xx'"),
        ("no language.po", "", "no language.po"),
    ],
    ids=["placeholder", "no po", "no text", "unknown", "no tag"],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, name, text, line):
    content = text if isinstance(text, bytes) else text.encode()
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LanguageFileError, match=line):
        Languages.load(tmp_path)


def test_the_languages_that_ship_can_be_read():
    assert Languages.load().choose([]) is ENGLISH


def test_make_words_collects_the_sentences_and_keeps_translations(tmp_path):
    tree = tmp_path / "tree"
    for name in ("app", "templates"):
        shutil.copytree(TOP / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(TOP / name, tree)
    (tree / "requirements").mkdir()
    (tree / "requirements/run.txt").touch()
    (tree / ".venv").mkdir()
    (tree / ".venv/bin").symlink_to(Path(sys.executable).parent)
    (tree / ".venv/run").touch()

    def make_words(*arguments):
        subprocess.run(["make", "words", *arguments], cwd=tree, check=True, capture_output=True)
        return catalogue.read_text(encoding="utf-8")

    catalogue = tree / "app/languages/ko.po"
    begun = make_words("TO=ko")
    assert 'templates/shared/base.html\nmsgid "Log in"\nmsgstr ""\n' in begun
    assert "app/sentences/accounts.py\n" in begun
    catalogue.write_text(
        begun.replace('msgid "Log in"\nmsgstr ""', 'msgid "Log in"\nmsgstr "로그인"'),
        encoding="utf-8",
    )
    assert 'msgid "Log in"\nmsgstr "로그인"' in make_words()
    assert Languages.load(catalogue.parent).choose(["ko"]).say("Log in") == "로그인"
