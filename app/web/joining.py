"""Scripts and style sheets, each joined with everything that it imports.

A browser learns what a file imports only when it has it, and loads six files at a time. Over a
slow line most of the wait is for round trips, not for bytes: docs/performance.md has the figures.
The sources stay as they are; what is joined is made when it is first asked for, and kept. Comments
that have lines of their own are left out: they are a third of what would be sent.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["join_script", "join_styles"]

Read = Callable[[str], str]

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]*)";$', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:(?:async )?function\*?|class|const) (\w+))", re.MULTILINE | re.ASCII
)
_DYNAMIC = re.compile(r"""\bimport\((["'`])(?=\.)""")
_UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
# Texts come first, so that nothing in them is taken for a comment.
_TEXT_OR_COMMENT = re.compile(
    r"`(?:\\.|[^`\\])*`"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])*'"
    r"|(?P<comment>^[ \t]*(?:/\*.*?\*/[ \t]*|//[^\n]*)\n)"
    r"|/\*.*?\*/|//[^\n]*",
    re.MULTILINE | re.DOTALL,
)
_STYLES = re.compile(r'^@import "([^"]*)";\n?', re.MULTILINE)
_UNKNOWN_STYLES = re.compile(r"^\s*@import.*|\burl\((?!\s*[\"']?(?:data:|#)).*", re.MULTILINE)


@dataclass(frozen=True)
class _Module:
    """A module that is joined: the variable that holds its exports, and their names."""

    variable: str
    exports: tuple[str, ...]


def join_script(path: str, read: Read) -> str:
    """Return a module that does and exports what the one at a path does, without imports.

    Each module becomes a function that returns its exports, after those that it imports, so that
    it is run once and its names stay its own. `read` returns the text at a path. Raises
    ValueError for a circle, or for a form of import or export that is not known here.
    """
    joined = [
        "// Joined by the server. The sources, with comments: /static/ and the path below.\n\n"
    ]
    made: dict[str, _Module | None] = {}
    last = _add_module(path, read, posixpath.dirname(path), made, joined)
    if last.exports:
        joined.append(f"export const {{ {', '.join(last.exports)} }} = {last.variable};\n")
    return "".join(joined)


def join_styles(path: str, read: Read) -> str:
    """Return a style sheet with the text of what it imports, and that of what they import.

    Raises ValueError for an address or a form of import that is not known here.
    """
    text = read(path)
    if unknown := _UNKNOWN_STYLES.search(_STYLES.sub("", text)):
        raise ValueError(f'{path}: expected @import "…"; and no addresses, got {unknown[0]!r}')
    text = _leave_out_comments(text)
    return _STYLES.sub(lambda found: join_styles(_resolve(path, found[1]), read), text)


def _add_module(
    path: str, read: Read, folder: str, made: dict[str, _Module | None], joined: list[str]
) -> _Module:
    """Join a module after its imports; `folder` is where the joined file is."""
    if path in made:
        module = made[path]
        if module is None:
            raise ValueError(f"{path} imports itself, by way of others")
        return module
    made[path] = None

    def bind(found: re.Match[str]) -> str:
        names, other = found[1], _resolve(path, found[2])
        imported = _add_module(other, read, folder, made, joined)
        return _bind(path, names, other, imported) if names else ""

    body = _IMPORT.sub(bind, _leave_out_comments(read(path)))
    exports = tuple(_EXPORT.findall(body))
    body = _EXPORT.sub("", body)
    if unknown := _UNKNOWN.search(body):
        raise ValueError(f"{path}: a form that cannot be joined: {unknown[0]!r}")
    body = _DYNAMIC.sub(rf"\g<0>{_way(folder, posixpath.dirname(path))}/", body)
    module = made[path] = _Module(f"$module{len(joined)}", exports)
    joined.append(
        f"// {path}\nconst {module.variable} = await (async () => {{\n"
        f"{body}\nreturn {{ {', '.join(exports)} }};\n}})();\n\n"
    )
    return module


def _leave_out_comments(text: str) -> str:
    return _TEXT_OR_COMMENT.sub(lambda found: "" if found["comment"] else found[0], text)


def _bind(path: str, names: str, other: str, imported: _Module) -> str:
    """Return the statement that stands for an import."""
    pairs = [name.split(" as ") for name in (name.strip() for name in names.split(",")) if name]
    for pair in pairs:
        if pair[0] not in imported.exports:
            raise ValueError(f"{path}: expected {other} to export {pair[0]!r}")
    return f"const {{ {', '.join(': '.join(pair) for pair in pairs)} }} = {imported.variable};"


def _resolve(path: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address))


def _way(start: str, end: str) -> str:
    way = posixpath.relpath(end or ".", start or ".")
    return way if way.startswith(".") else f"./{way}"
