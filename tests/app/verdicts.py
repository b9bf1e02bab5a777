"""Pictures of all kinds, of which whoever is asked must say the same."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.attack.hostile import sevens
from tests.app.pictures import draw

ONE, SEVEN = [(140, 50), (140, 230)], [(60, 60), (210, 60), (110, 230)]
FOUR = [(170, 230), (170, 50), (60, 170), (220, 170)]


def written(text):
    image = Image.new("RGB", (280, 280), "white")
    font = ImageFont.load_default(200)
    ImageDraw.Draw(image).text((140, 140), text, "black", font, anchor="mm")
    return image


def dots(count):
    image, random = draw(), np.random.default_rng(1)
    for x, y in random.uniform(20, 260, (count, 2)):
        ImageDraw.Draw(image).circle((x, y), 8, "black")
    return image


def beside(*images):
    page = Image.new("RGB", (280 * len(images), 280), "white")
    for number, image in enumerate(images):
        page.paste(image, (280 * number, 0))
    return page


TOUCHING = draw(SEVEN, [(x + 150, y) for x, y in SEVEN], size=(430, 280))

PICTURES = {
    "a seven": draw(SEVEN),
    "a letter": written("A"),
    "another letter": written("W"),
    "a triangle": draw([(60, 220), (140, 60), (220, 220), (60, 220)]),
    "a dot": dots(1),
    "twenty dots": dots(20),
    "nothing": draw(),
    "noise": Image.fromarray(np.random.default_rng(2).integers(0, 256, (90, 90), np.uint8)),
    "three digits": beside(draw(FOUR), draw(ONE), draw(SEVEN)),
    "digits that touch": TOUCHING,
    "more than is read": Image.open(io.BytesIO(sevens(30, 60))).convert("L"),
}
