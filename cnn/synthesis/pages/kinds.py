"""Kinds of pages: each restricts the factors that a page is composed of."""

from __future__ import annotations

from dataclasses import dataclass

from cnn.synthesis.pages.writers import Manner

__all__ = ["KINDS", "NO_DIGITS", "WITH_WORDS", "Kind"]

Names = tuple[str, ...]

_LAYOUTS = ("single", "single", "row", "row", "row", "rows")
_ROWS = ("row", "row", "rows")
_PAPERS = ("white", "white", "paper", "paper", "paper", "tinted", "rough")
_PENS = ("usual", "usual", "usual", "solid", "coloured", "pencil")
_VIEWS = ("screenshot", "screenshot", "scan", "scan", "photo", "photo", "poor JPEG", "small")
_PLAIN: tuple[Manner, ...] = ("plain", "plain", "plain", "plain", "broad")
_FINE: tuple[Manner, ...] = ("plain", "fine")
_CAMERAS = ("photo", "photo", "photo", "shadow", "vignette")
_SCREEN = ("screenshot", "screenshot", "screenshot", "poor JPEG", "small")


@dataclass(frozen=True)
class Kind:
    """What a page's factors are drawn from: names, each as likely as it is often there.

    Attributes
    ----------
    layouts : tuple of str
        Of `LAYOUTS`, `EXPRESSIONS`, `FORMS`, `LINES_OF_WORDS`, `WITHOUT_DIGITS` or `WORDS_ALONE`.
    marks : tuple of str
        Of `MARKS` or `WORDS_BESIDE`; "" is none.
    grounds, surrounds, pens, views : tuple of str
        Of the tables of these names; the surround "" is none.
    manners : tuple of str
        How digits look.
    printed : float
        How likely digits are printed, whatever sources are asked for.
    """

    layouts: Names = _LAYOUTS
    marks: Names = ("",)
    grounds: Names = _PAPERS
    surrounds: Names = ("",)
    pens: Names = _PENS
    views: Names = _VIEWS
    manners: tuple[Manner, ...] = _PLAIN
    printed: float = 0.0


#: The kind of pages that show no digit.
NO_DIGITS = "no digits"
#: Kinds of pages with words of fonts.
WITH_WORDS = (
    "handwritten words around",
    "printed words around",
    "number in a sentence",
    "list",
)

_EXPRESSIONS = (
    "sum",
    "decimal",
    "minus",
    "date",
    "currency",
    "brackets",
    "fraction",
    "letters",
    "tick",
    "column sum",
    "stacked fraction",
)
_FORMS = ("comb", "boxes", "table", "labelled")
_MARKS = (
    "box",
    "box by hand",
    "touched box",
    "box each",
    "ring",
    "underline",
    "underline twice",
    "strike",
    "words above",
    "words beside",
    "blots",
    "drawing",
)

#: The kinds by name.
KINDS = {
    # Layouts.
    "one digit": Kind(("single",)),
    "one digit, tight": Kind(("tight",), grounds=("white", "dark", "paper"), views=_SCREEN),
    "one digit, tight and thick": Kind(
        ("tight",), grounds=("white", "dark"), views=_SCREEN, manners=("broad",)
    ),
    "small digit on a large page": Kind(
        ("lost",), grounds=("white", "paper"), views=("screenshot", "scan", "photo")
    ),
    "row": Kind(("row",)),
    "rows": Kind(("rows",)),
    "column": Kind(("column",)),
    "large and small rows": Kind(("heading",)),
    "large beside small": Kind(("beside",)),
    "superscript": Kind(("superscript",)),
    "rising rows": Kind(("rising",)),
    "bent row": Kind(("bent",)),
    "heights that differ": Kind(("uneven",)),
    "touching pair": Kind(("touching pair",)),
    "touching three": Kind(("touching three",)),
    "joined noughts": Kind(("joined noughts",)),
    "at the edge": Kind(("at edge",)),
    # Signs, letters and words.
    "column sum": Kind(("column sum",)),
    "sum": Kind(("sum",)),
    "point or comma": Kind(("decimal",)),
    "minus": Kind(("minus",)),
    "date": Kind(("date",)),
    "currency and percent": Kind(("currency",)),
    "brackets": Kind(("brackets",)),
    "fraction": Kind(("fraction", "fraction", "stacked fraction")),
    "letters beside": Kind(("letters",)),
    "tick beside": Kind(("tick",)),
    "words around": Kind(marks=("words above", "words beside")),
    "handwritten words around": Kind(marks=("handwritten words",)),
    "printed words around": Kind(marks=("printed words",), printed=0.15),
    "number in a sentence": Kind(("sentence",)),
    "list": Kind(("list",), printed=0.15),
    "drawing or blots beside": Kind(marks=("drawing", "blots")),
    # Boxes, lines and forms.
    "box": Kind(marks=("box",)),
    "box by hand": Kind(marks=("box by hand",)),
    "box touched": Kind(("single", "single", "row"), marks=("touched box",)),
    "box round each": Kind(_ROWS, marks=("box each",)),
    "ring": Kind(marks=("ring",)),
    "underlined": Kind(marks=("underline",)),
    "underlined twice": Kind(marks=("underline twice",)),
    "struck through": Kind(("single", "single", "row"), marks=("strike",)),
    "form comb": Kind(("comb",)),
    "form boxes": Kind(("boxes",)),
    "table": Kind(("table",)),
    "labelled field": Kind(("labelled",)),
    # Grounds.
    "ruled paper": Kind(grounds=("ruled",)),
    "graph paper": Kind(grounds=("graph", "graph", "graph", "dotted")),
    "wire rings": Kind(
        grounds=("rings",), manners=_FINE, views=("scan", "photo", "photo", "shadow")
    ),
    "spiral notebook": Kind(grounds=("spiral",), views=("scan", "photo", "photo", "shadow")),
    "coloured gradient": Kind(grounds=("gradient",)),
    "stripes": Kind(grounds=("stripes",), pens=("usual", "solid")),
    "blackboard": Kind(grounds=("blackboard",), pens=("chalk",), views=_CAMERAS),
    "dark canvas": Kind(("single", "single", "row", "rows"), grounds=("dark",), views=_SCREEN),
    # Surrounds.
    "page on a dark table": Kind(surrounds=("table",), views=_CAMERAS),
    "page on wood": Kind(surrounds=("wood",), views=_CAMERAS),
    "page on speckled stone": Kind(surrounds=("speckled",), views=_CAMERAS),
    "sticky note": Kind(
        ("single", "row", "rows"),
        grounds=("tinted",),
        surrounds=("table", "table", "wood", "speckled"),
        views=_CAMERAS,
    ),
    "dark corner": Kind(
        surrounds=("dark corner",), views=("scan", "photo"), pens=("usual", "pencil", "pale")
    ),
    "canvas on a screen": Kind(
        ("single", "single", "row"),
        grounds=("white",),
        surrounds=("canvas",),
        views=_SCREEN,
        manners=("plain", "plain", "pixels", "broad"),
    ),
    "dark canvas on a light page": Kind(
        ("single", "single", "row"),
        grounds=("dark",),
        surrounds=("canvas",),
        views=_SCREEN,
        manners=("plain", "plain", "pixels", "broad"),
    ),
    "window": Kind(
        ("single", "single", "rows", "row"),
        grounds=("white", "dark"),
        surrounds=("window",),
        views=_SCREEN,
        manners=("plain", "pixels", "broad"),
        printed=0.1,
    ),
    "plot": Kind(
        ("tight", "tight", "single"),
        grounds=("dark", "white", "colour scale"),
        surrounds=("plot",),
        pens=("solid", "solid", "coloured"),
        views=_SCREEN,
        manners=("pixels", "pixels", "plain"),
    ),
    "meter": Kind(("meter",), grounds=("meter",), printed=0.3),
    "coloured frame": Kind(surrounds=("art",), views=_SCREEN),
    "page border": Kind(surrounds=("border",)),
    "punched holes": Kind(surrounds=("holes",), views=("scan", "photo", "fax")),
    # Pens.
    "fine pen": Kind(manners=("fine",)),
    "fine pen on lines": Kind(
        manners=("fine",), grounds=("ruled", "graph", "graph"), pens=("usual", "solid", "pencil")
    ),
    "fine pen beside marks": Kind(
        (*_LAYOUTS, *_EXPRESSIONS), marks=("", "", *_MARKS), manners=("fine",)
    ),
    "fine pen, photographed": Kind(
        manners=("fine",), surrounds=("", "", "table", "dark corner"), views=(*_CAMERAS, "glare")
    ),
    "pale pencil": Kind(pens=("pale",), views=("screenshot", "scan", "photo")),
    "coloured ink": Kind(pens=("coloured",), grounds=("white", "paper", "tinted")),
    "dithered ink": Kind(pens=("dithered",), views=("screenshot",), grounds=("white",)),
    "hollow": Kind(("single", "single", "row"), manners=("hollow",)),
    "dotted to trace": Kind(("single", "single", "row"), manners=("dotted",)),
    "enlarged pixels": Kind(
        ("tight", "single", "row", "rows"),
        manners=("pixels",),
        grounds=("white", "dark"),
        views=_SCREEN,
    ),
    "pixel grid": Kind(
        ("tight", "single", "single", "row"),
        marks=("pixel grid",),
        manners=("pixels",),
        grounds=("white", "dark", "dark"),
        pens=("solid",),
        views=_SCREEN,
    ),
    "printed": Kind(printed=1.0, marks=("", "", "words above", "words beside")),
    # Views.
    "scan": Kind(views=("scan",)),
    "scan of one bit": Kind(
        views=("fax",), grounds=("white", "paper"), pens=("usual", "solid", "coloured")
    ),
    "photograph": Kind(views=("photo",)),
    "shadow": Kind(views=("shadow",)),
    "glare": Kind(views=("glare",)),
    "dark corners": Kind(views=("vignette",)),
    "screen with moire": Kind(views=("moire",), grounds=("white", "white", "dark")),
    "JPEG 30 to 45": Kind(views=("poor JPEG",)),
    "60 to 200 pixels": Kind(views=("small",)),
    # Everything.
    "anything": Kind(
        layouts=(
            *_LAYOUTS,
            *_EXPRESSIONS,
            *_FORMS,
            "sentence",
            "list",
            "tight",
            "column",
            "heading",
            "beside",
            "superscript",
            "rising",
            "bent",
            "uneven",
            "touching pair",
            "touching three",
            "joined noughts",
            "at edge",
        ),
        marks=("",) * 12 + (*_MARKS, "handwritten words", "printed words"),
        grounds=(
            *_PAPERS,
            "ruled",
            "ruled",
            "graph",
            "graph",
            "dotted",
            "spiral",
            "rings",
            "gradient",
            "stripes",
            "blackboard",
            "dark",
        ),
        surrounds=("",) * 14
        + ("table", "wood", "speckled", "canvas", "window", "plot", "art", "border")
        + ("dark corner", "holes"),
        pens=(*_PENS, "pale", "chalk", "coloured"),
        views=(*_VIEWS, "fax", "shadow", "glare", "vignette", "moire"),
        manners=(*_PLAIN, *_PLAIN, "fine", "fine", "fine", "hollow", "pixels", "dotted"),
        printed=0.05,
    ),
    NO_DIGITS: Kind(
        layouts=(
            "printed text",
            "printed text",
            "handwriting",
            "handwriting",
            "page of handwriting",
            "page of handwriting",
            "page of print",
            "page of print",
            "figures",
            "figures",
            "signs",
            "empty form",
            "empty",
        ),
        marks=("",) * 8 + ("box", "ring"),
        grounds=(
            *_PAPERS,
            "ruled",
            "graph",
            "spiral",
            "rings",
            "gradient",
            "stripes",
            "blackboard",
            "dark",
            "things",
            "surfaces",
        ),
        surrounds=("",) * 8 + ("table", "wood", "speckled", "canvas", "window", "art", "border"),
        views=(*_VIEWS, "fax", "shadow", "glare", "moire"),
    ),
}
