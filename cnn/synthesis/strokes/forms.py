"""The allographs of every digit, and where they are written.

The best known forms and places are those of Wikipedia, "Regional handwriting variation". The others
are common knowledge, not a survey: they say whom a style stands for, and no figure depends on them.
The strokes are drawn for this library.
"""

from __future__ import annotations

from cnn.synthesis.strokes.allograph import Allograph, Stroke

__all__ = ["ALLOGRAPHS", "find_allograph", "forms_of"]


def _form(name: str, where: str, *strokes: str) -> Allograph:
    return Allograph(name, where, tuple(Stroke(stroke) for stroke in strokes))


_ROUND = "34 3~4, 14 14, 2 50, 14 86, 34 98, 56 84, 64 50, 54 14, 31 2~4"
_SEVEN = "0 5~4, 30 5, 61 4!, 39 50~4, 24 98~5"
_DROP = "3 24~4, 4 4!, 32 5, 60 4!, 40 50~4, 27 98~5"

#: All allographs, in the order of their digits.
ALLOGRAPHS: tuple[Allograph, ...] = (
    _form("0-round", "everywhere", _ROUND),
    _form(
        "0-narrow",
        "everywhere, most in rows of figures",
        "22 2, 8 18, 2 50, 8 82, 22 98, 36 80, 41 50, 35 18, 20 2",
    ),
    _form(
        "0-wide",
        "everywhere, as the letter O",
        "46 4, 18 14, 2 50, 18 88, 48 97, 80 84, 90 50, 78 14, 44 4",
    ),
    _form(
        "0-lying",
        "hurried hands everywhere",
        "54 20~4, 16 32, 2 52, 20 74, 54 79, 86 68, 98 46, 80 26, 48 21~4",
    ),
    _form(
        "0-open",
        "hurried hands everywhere: the ends do not meet",
        "22 4~4, 6 26, 2 58, 14 88, 36 97, 57 80, 62 46, 54 20, 43 9~5",
    ),
    _form(
        "0-crossing",
        "everywhere: the ends run past each other",
        "20 -3~5, 9 22, 2 56, 16 88, 36 97, 57 80, 62 48, 48 18, 26 5, 4 8~6",
    ),
    _form(
        "0-looped",
        "cursive hands, to tell it from the letter O",
        "50 16~4, 32 2, 11 16, 2 54, 14 88, 34 98, 56 84, 61 52, 48 16, 32 8, 26 20, 38 30, 60 14",
    ),
    _form(
        "0-slashed",
        "programmers, engineers, radio operators, soldiers",
        _ROUND,
        "6 96~7, 60 4~7",
    ),
    _form("1-plain", "North America, much of Asia", "10 2~3, 9 50~2, 8 98~3"),
    _form(
        "1-flag-short",
        "the British Isles, Russia, as in print",
        "4 26~4, 23 2!, 22 50, 21 98",
    ),
    _form(
        "1-flag-long",
        "France, Italy, Spain, Turkey, Latin America",
        "0 44~6, 34 2!, 33 50, 32 98",
    ),
    _form(
        "1-upstroke",
        "Germany, Austria, Switzerland, Poland, Hungary: the flag begins near the base line",
        "0 90~7, 20 50~4, 42 2!, 42 50, 41 98",
    ),
    _form(
        "1-bowed",
        "hurried hands: flag and stem in one bow",
        "4 30~4, 15 13, 23 5, 24 30, 23 62, 22 98~4",
    ),
    _form(
        "1-base",
        "as on typewriters and in print: a short flag and a base line",
        "5 22~5, 25 2!, 25 50, 24 97",
        "2 97~4, 48 97~5",
    ),
    _form(
        "1-flag-long-base",
        "Italy, France: a long flag and a base line",
        "2 42~6, 34 2!, 33 50, 33 97",
        "10 97~5, 58 97~5",
    ),
    _form(
        "1-foot",
        "India, the British Isles: a base line without a flag",
        "23 2, 22 50, 22 97",
        "2 97~4, 44 98~4",
    ),
    _form(
        "1-exit",
        "cursive hands: the stem ends in a curve to the next digit",
        "4 20~5, 22 2!, 19 50, 19 88, 26 97, 36 91~5",
    ),
    _form(
        "2-plain",
        "everywhere, as in print",
        "5 24~6, 14 8, 34 2, 54 11, 57 30, 42 58, 22 80, 3 97!, 34 96, 64 96~6",
    ),
    _form(
        "2-looped",
        "North America's and Britain's cursive: a loop at the base",
        "6 24~6, 18 7, 38 2, 56 12, 56 34, 38 68, 18 92, 4 95, 3 84, 16 80, 34 91, 50 97, 68 88~6",
    ),
    _form(
        "2-z", "hurried hands: as the letter Z", "3 9~5, 30 3, 62 6!, 34 50, 2 96!, 36 95, 70 96~6"
    ),
    _form(
        "2-wave",
        "France, Russia: a wave as its base",
        "6 26~6, 16 7, 38 2, 55 16, 49 44, 28 72, 3 95!, 18 87, 36 93, 52 98, 68 89~6",
    ),
    _form(
        "2-curled",
        "cursive hands: the head begins with a curl",
        "26 24~4, 14 30, 7 18, 18 4, 42 2, 58 18, 52 42, 30 70, 5 96!, 36 95, 66 95~6",
    ),
    _form(
        "3-round",
        "everywhere",
        "5 15~6, 24 3, 46 9, 51 27, 40 42, 22 47!~4, 46 52, 59 72, 46 93, 22 98, 2 86~6",
    ),
    _form(
        "3-flat",
        "Central and Eastern Europe, cheques: a flat top, so that it cannot become an 8",
        "4 4~4, 30 4, 56 4!, 26 42!, 48 48, 60 70, 46 93, 22 98, 2 87~6",
    ),
    _form(
        "3-looped",
        "cursive hands: a loop in the middle",
        "8 15~6, 26 3, 47 10, 48 30, 34 46, 19 47, 24 38, 46 48, 59 72, 44 95, 19 97, 2 84~6",
    ),
    _form(
        "3-curled",
        "cursive hands: the ends curl inwards",
        "18 20~4, 6 14, 24 2, 48 8, 50 28, 25 46!, 50 52, 59 76, 42 97, 14 96, 3 82, 16 78~4",
    ),
    _form(
        "3-hurried",
        "hurried hands: two pointed bows",
        "6 6~6, 34 6, 50 18, 36 38, 16 48!, 50 60, 54 78, 34 92, 2 97~6",
    ),
    _form(
        "4-open",
        "schools in North America, Britain, Russia",
        "14 4~6, 8 40, 3 62!, 36 61, 66 59~6",
        "46 20~8, 44 60, 42 98",
    ),
    _form(
        "4-closed",
        "everywhere, as in print",
        "40 3~4, 21 36, 2 68!, 34 67, 64 66~6",
        "41 2~4, 41 50, 40 98",
    ),
    _form(
        "4-looped",
        "hurried hands: one stroke with a loop before the stem",
        "18 6~6, 10 34, 4 58, 14 66, 40 56, 58 34, 58 18, 49 22, 44 60, 41 98",
    ),
    _form(
        "4-corner-loop",
        "cursive hands: a loop at the left corner",
        "42 3~4, 26 34, 8 60, 1 76, 10 80, 16 68, 34 64, 70 62~6",
        "43 6~5, 43 50, 41 98",
    ),
    _form(
        "4-far-bar",
        "France, Italy, Latin America: the bar reaches far beyond the stem",
        "32 2~5, 16 34, 1 63!, 40 62, 88 60~8",
        "46 36~7, 44 66, 42 98",
    ),
    _form(
        "4-lightning",
        "Germany, Austria: a slanted stroke, a bar and a short stem",
        "40 2~5, 20 36, 2 68!, 34 66, 66 64~6",
        "44 46~5, 40 72, 36 98",
    ),
    _form(
        "4-curved",
        "Russia, Eastern Europe: a cup and a stem",
        "6 3~5, 4 28, 12 47, 34 51, 54 44~4",
        "56 3~5, 54 50, 52 98",
    ),
    _form(
        "5-two-strokes",
        "schools in North America and Britain: the bar is drawn last",
        "13 4~3, 8 42!~4, 34 36, 55 50, 57 76, 38 97, 4 90~6",
        "12 4~4, 36 4, 60 3~6",
    ),
    _form(
        "5-one-stroke",
        "Continental Europe: from the bar's end without lifting the pen",
        "60 4~6, 36 4, 14 5!, 9 44!, 34 38, 55 52, 57 78, 36 98, 4 90~6",
    ),
    _form(
        "5-rounded",
        "hurried hands: as the letter S",
        "58 7~6, 34 2, 13 10, 14 34, 36 44, 55 60, 54 82, 34 97, 4 90~6",
    ),
    _form(
        "5-far-bar",
        "hurried hands: the bar stands apart",
        "13 14~4, 8 48!, 32 40, 53 56, 53 80, 34 98, 4 91~6",
        "22 6~6, 48 2, 76 0~7",
    ),
    _form(
        "5-waved",
        "cursive hands: a wave as its bar",
        "12 8~4, 8 44!, 34 37, 55 52, 56 78, 36 97, 4 90~6",
        "12 8~4, 28 3, 44 8, 62 2~5",
    ),
    _form(
        "6-round",
        "everywhere",
        "48 5~7, 26 18, 8 46, 4 74, 18 96, 42 95, 54 75, 42 57, 21 60, 6 76~4",
    ),
    _form(
        "6-narrow",
        "everywhere, most in rows of figures",
        "32 2~6, 17 22, 6 52, 4 80, 15 97, 30 94, 36 77, 27 60, 14 63, 5 80~4",
    ),
    _form(
        "6-wide",
        "round, upright hands",
        "74 8~7, 44 14, 14 38, 4 68, 24 94, 60 94, 77 73, 60 54, 30 56, 7 76~4",
    ),
    _form(
        "6-straight",
        "schools: a straight stem",
        "50 2~6, 28 32, 8 64, 6 84, 22 98, 44 92, 50 72, 34 58, 9 74~4",
    ),
    _form(
        "6-open",
        "hurried hands: the loop does not close",
        "46 4~6, 22 22, 6 52, 6 80, 24 97, 47 90, 52 70, 38 58, 25 62~5",
    ),
    _form(
        "6-b",
        "hurried hands: a straight stem, as the letter b",
        "10 2~4, 7 40, 6 76, 16 97, 38 95, 50 78, 40 58, 20 58, 7 74~4",
    ),
    _form(
        "6-curled",
        "cursive hands: the stem begins with a hook",
        "58 20~5, 48 5, 26 8, 8 38, 4 74, 20 97, 44 94, 54 75, 42 56, 20 60, 6 78~4",
    ),
    _form(
        "6-spiral",
        "cursive hands: the loop ends inside itself",
        "48 4~6, 22 20, 6 52, 6 82, 26 98, 50 90, 56 70, 40 55, 22 64, 22 80, 38 82~4",
    ),
    _form("7-plain", "North America, the British Isles, India", _SEVEN),
    _form(
        "7-crossed",
        "Continental Europe, Latin America: to tell it from a 1 with a flag",
        _SEVEN,
        "16 51~5, 58 47~6",
    ),
    _form("7-drop", "China, Japan, Korea; copperplate: a short stroke down at the left", _DROP),
    _form(
        "7-drop-crossed",
        "Germany, Southern Europe: a drop at the left, and a bar",
        _DROP,
        "18 51~5, 60 47~6",
    ),
    _form(
        "7-curved",
        "everywhere: a bent stem",
        "0 6~3, 31 5, 62 4!, 46 27, 34 60, 30 98~4",
    ),
    _form(
        "7-waved",
        "cursive hands: a wave as its top",
        "0 17~4, 13 4, 36 10, 64 3!, 42 46, 27 98~5",
    ),
    _form(
        "7-waved-crossed",
        "France, Eastern Europe: a wave as its top, and a bar",
        "0 17~4, 13 4, 36 10, 64 3!, 42 46, 27 98~5",
        "18 53~5, 58 48~6",
    ),
    _form(
        "8-one-stroke",
        "everywhere: an S, and back",
        "46 11~4, 30 2, 12 10, 12 30, 32 47, 52 68, 48 90, 28 98, 7 88, 7 66, 30 47, 50 28, 47 10",
    ),
    _form(
        "8-two-circles",
        "children and careful hands everywhere",
        "30 2~3, 11 12, 11 36, 30 47, 49 36, 49 12, 28 2~3",
        "30 47~3, 6 60, 6 86, 30 98, 54 86, 54 60, 28 47~3",
    ),
    _form(
        "8-open",
        "hurried hands: the ends do not meet at the top",
        "44 6~4, 24 3, 11 16, 20 36, 46 60, 48 86, 28 98, 6 88, 10 66, 36 44, 56 20~5",
    ),
    _form(
        "8-crossing",
        "cursive hands: the ends run past each other",
        "58 2~5, 32 4, 12 14, 18 36, 46 60, 48 86, 28 98, 6 88, 10 66, 34 46, 48 24, 44 -4~5",
    ),
    _form(
        "8-narrow",
        "everywhere, most in rows of figures",
        "29 9~3, 18 2, 8 14, 10 34, 20 48, 32 70, 29 92, 17 98, 4 88, 6 66, 19 47, 31 26, 28 8~3",
    ),
    _form(
        "9-straight",
        "North America, Britain, Asia: a straight stem",
        "48 14~4, 32 2, 10 10, 4 32, 18 48, 38 42, 50 12!, 49 50, 47 98~4",
    ),
    _form(
        "9-hooked",
        "Continental Europe: the stem ends in a hook",
        "48 14~4, 32 2, 10 10, 4 32, 18 48, 38 42, 50 14, 52 54, 42 90, 22 98, 6 88~6",
    ),
    _form(
        "9-curled",
        "cursive hands: the tail curls inwards",
        "50 16~4, 34 2, 12 10, 6 32, 20 48, 40 42, 52 14, 53 56, 44 90, 22 99, 6 88, 12 76, 24 82",
    ),
    _form(
        "9-angular",
        "Italy, Turkey: a straight stem on a flat base",
        "48 14~4, 32 2, 10 10, 4 32, 18 46, 38 40, 50 10!, 50 50, 49 96!, 26 96, 4 95~6",
    ),
    _form(
        "9-looped",
        "cursive hands: the tail loops back, as in the letter g",
        "44 12, 28 2, 8 10, 4 28, 18 42, 36 36, 46 10, 46 60, 36 96, 16 96, 14 82, 38 70, 62 60~6",
    ),
    _form(
        "9-open",
        "hurried hands: the loop does not close",
        "44 8~4, 28 1, 8 12, 5 32, 18 46, 36 42, 50 26~3",
        "52 4~3, 50 50, 47 98~4",
    ),
    _form(
        "9-slanted",
        "hurried hands: a 6 turned by half",
        "46 26~4, 40 6, 20 2, 4 16, 8 38, 30 42, 47 24, 34 62, 10 98~6",
    ),
)

_BY_NAME = {allograph.name: allograph for allograph in ALLOGRAPHS}


def find_allograph(name: str) -> Allograph:
    """Return an allograph by its name.

    Raises
    ------
    ValueError
        There is none of that name; the message has those of its digit, or all.
    """
    if name not in _BY_NAME:
        alike = [known for known in _BY_NAME if known[:1] == name[:1]] or list(_BY_NAME)
        raise ValueError(f"there is no allograph {name!r}; there are {', '.join(alike)}")
    return _BY_NAME[name]


def forms_of(digit: int) -> tuple[Allograph, ...]:
    """Return all allographs of a digit, 0 to 9."""
    return tuple(allograph for allograph in ALLOGRAPHS if allograph.digit == digit)
