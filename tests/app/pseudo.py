"""A language that nobody speaks: every sentence of the catalogue, in letters that English has not.

What a page still shows in plain letters did not come from the catalogue.
"""

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import write_po

from app.config import ROOT

# What is no word of a sentence: tags, entities, placeholders.
_KEPT = re.compile(r"(<[^>]*>|&\w+;|%\(\w+\)s|%%)")
_WIDE = {code: code + 0xFEE0 for code in (*range(65, 91), *range(97, 123))}
_SHOWN = ("alt", "aria-description", "aria-label", "label", "placeholder", "title")
_PLAIN = re.compile(r"[A-Za-z]{2,}")
_EMPTY = ("br", "hr", "img", "input", "link", "meta")  # elements without an end tag
_FOLDERS = ("app", "templates")


def pseudo(message):
    """Return a message in the language: ⟦Ｌｏｇ ｉｎ⟧."""
    parts = _KEPT.split(message)
    parts[::2] = [part.translate(_WIDE) for part in parts[::2]]
    return f"⟦{''.join(parts)}⟧"


def write_language(file):
    """Translate all that can be, into a file whose name says for which locale."""
    catalogue = Catalog(locale=file.stem)
    for _, _, message, comments, _ in _messages():
        forms = (message,) if isinstance(message, str) else message
        several = [pseudo(forms[-1])] * (catalogue.num_plurals if len(forms) > 1 else 1)
        string = tuple(several) if len(forms) > 1 else several[0]
        catalogue.add(message, string, auto_comments=comments)
    with file.open("wb") as content:
        write_po(content, catalogue)


def _messages():
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    options = {
        mapping.pop("pattern"): (mapping.pop("method"), mapping) for mapping in map(dict, mappings)
    }
    return extract_from_dir(
        str(ROOT),
        [(pattern, method) for pattern, (method, _) in options.items()],
        {pattern: given for pattern, (_, given) in options.items()},
        DEFAULT_KEYWORDS | parse_keywords(_keywords()),
        directory_filter=lambda path: Path(path).relative_to(ROOT).parts[0] in _FOLDERS,
    )


def _keywords():
    """Return the functions that `make words` looks for, beside gettext's own."""
    return re.findall(r"-k (\S+)", (ROOT / "Makefile").read_text())


def plain_texts(html):
    """Return what a page shows or tells in plain letters."""
    walker = _Walker()
    walker.feed(html)
    return [text for text in walker.texts if is_plain(text)]


def is_plain(text, *names):
    """Say whether there are plain letters in a text, apart from these names."""
    for name in names:
        text = text.replace(name, "")
    return _PLAIN.search(text) is not None


class _Walker(HTMLParser):
    """Collects the texts of a page, and the attributes that people see or hear.

    What has translate="no" is code: the same in every language.
    """

    def __init__(self):
        super().__init__()
        self.texts = []
        self._open = []  # since the outermost element of code, if within one

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag not in _EMPTY and (self._open or given.get("translate") == "no"):
            self._open.append(tag)
        self.texts += [given[name] for name in _SHOWN if given.get(name)]
        if tag == "meta" and given.get("name") == "description":
            self.texts.append(given["content"])
        if tag in ("td", "th") and "data-label" in given:  # shown by the style sheet
            self.texts.append(given["data-label"])

    def handle_endtag(self, tag):
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data):
        if data.strip() and not self._open:
            self.texts.append(data.strip())
