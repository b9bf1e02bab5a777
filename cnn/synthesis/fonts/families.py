"""Which families of fonts models learn from, and which are for tests alone.

Digits are taken from those of handwriting; words from those of print as well.

All are under the SIL Open Font License 1.1. No family of one list is a sibling of one of the
other, as a brush and a pen by the same hand are.
"""

from __future__ import annotations

__all__ = ["PRINT_TEST", "PRINT_TRAINING", "TEST", "TRAINING"]

_TRAINING = """
    architects-daughter bad-script cedarville-cursive covered-by-your-grace dawning-of-a-new-day
    edu-nsw-act-foundation edu-qld-beginner edu-tas-beginner gaegu gloria-hallelujah grape-nuts
    handlee indie-flower itim just-me-again-down-here klee-one kristi la-belle-aurore mali mansalva
    marck-script nothing-you-could-do over-the-rainbow pangolin playwrite-be-wal playwrite-cz
    playwrite-de-grund playwrite-us-trad reenie-beanie sedgwick-ave shantell-sans short-stack
    square-peg sue-ellen-francisco swanky-and-moo-moo the-girl-next-door vibur
    waiting-for-the-sunrise yomogi zeyada
"""
_TEST = """
    caveat comic-neue delius gochi-hand hi-melody kalam loved-by-the-king nanum-brush-script neucha
    patrick-hand playpen-sans poor-story shadows-into-light sriracha zen-kurenaido
"""

_PRINT_TRAINING = """
    arimo barlow-condensed carlito courier-prime cousine eb-garamond josefin-sans lora open-sans
    pt-serif quicksand roboto rokkitt tinos
"""
_PRINT_TEST = "crimson-text inconsolata zilla-slab"

TRAINING, PRINT_TRAINING = tuple(_TRAINING.split()), tuple(_PRINT_TRAINING.split())
TEST, PRINT_TEST = tuple(_TEST.split()), tuple(_PRINT_TEST.split())
