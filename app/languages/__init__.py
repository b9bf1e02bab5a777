"""The languages of the site.

Code and templates are in English. Every other language is a file of translations beside
this module, such as `ko.po` for Korean, in GNU gettext's format.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from app.errors import LanguageFileError

__all__ = ["ENGLISH", "TRANSLATIONS", "Language", "Languages", "mark", "mark_count"]

#: The folder of the translations.
TRANSLATIONS = Path(__file__).resolve().parent

# Whole numbers that all languages write the same; a page may have dozens.
_SMALL = range(1000)


def mark(message: str) -> str:
    """Return a message unchanged; `make words` collects marked messages for translators."""
    return message


def mark_count(one: str, many: str) -> tuple[str, str]:
    """Return the singular and plural of a message unchanged, marked like `mark`."""
    return one, many


@dataclass(frozen=True)
class Language:
    """A language: its translations, and its formats of numbers and dates."""

    locale: Locale
    translations: gettext.NullTranslations

    @property
    def tag(self) -> str:
        """Its tag in HTML and HTTP (BCP 47), such as en-GB."""
        return str(self.locale).replace("_", "-")

    @property
    def direction(self) -> str:
        """Its direction of writing: ltr or rtl."""
        return self.locale.text_direction

    def say(self, message: str, /, **values: str | int) -> str:
        """Return the translation of a message, with values for its placeholders."""
        words = self.translations.gettext(message)
        # Without placeholders a per cent sign is one.
        return words % self._written(values) if values else words

    def say_count(self, one: str, many: str, count: int, /, **values: str | int) -> str:
        """Return the translation of a message in the form for a count, placeholder %(count)s."""
        message = self.translations.ngettext(one, many, count)
        return message % self._written({"count": count, **values})

    def number(self, value: float, *, decimals: int = 0) -> str:
        """Format a number, rounded to some decimals: 2,000 or 97.3."""
        if not decimals and value in _SMALL:
            return str(int(value))
        return format_decimal(value, f"#,##0.{'0' * decimals}", locale=self.locale)

    def moment(self, at: datetime) -> tuple[str, str]:
        """Format a time as a date and a time of day: "25 November 2026" and "08:15"."""
        day = format_date(at, "long", locale=self.locale)
        return day, format_time(at, "short", locale=self.locale)

    def _written(self, values: dict[str, str | int]) -> dict[str, str]:
        return {
            name: self.number(value) if isinstance(value, int) else value
            for name, value in values.items()
        }


ENGLISH = Language(Locale("en", "GB"), gettext.NullTranslations())


@dataclass(frozen=True)
class Languages:
    """The available languages by their tags in lower case, English among them."""

    by_tag: dict[str, Language]

    @classmethod
    def load(cls, folder: Path = TRANSLATIONS) -> Languages:
        """Read the translations in a folder; raises LanguageFileError."""
        found = {file.stem.lower(): _read(file) for file in sorted(folder.glob("*.po"))}
        return cls({"en": ENGLISH, **found})

    def choose(self, preferred: Sequence[str]) -> Language:
        """Return the first available of some tags, such as "ko-KR", or English."""
        for tag in map(str.lower, preferred):
            for name in (tag, tag.partition("-")[0]):
                if name in self.by_tag:
                    return self.by_tag[name]
        return ENGLISH


def _read(file: Path) -> Language:
    """Read a .po file and compile it in memory, so that there is no .mo file to keep up to date."""
    try:
        locale = Locale.parse(file.stem, sep="-")
        with file.open("rb") as content:
            catalogue = read_po(content, locale, abort_invalid=True)
    except (OSError, PoFileError, UnknownLocaleError, ValueError) as error:
        raise LanguageFileError(f"{file} cannot be read as translations: {error}") from error
    for message, faults in catalogue.check():
        raise LanguageFileError(f"{file}, line {message.lineno}: {faults[0]}")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(locale, gettext.GNUTranslations(compiled))
