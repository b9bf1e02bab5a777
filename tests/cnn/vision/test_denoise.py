"""Cleaning of small pictures: faults go, and what has none stays as it is."""

from __future__ import annotations

import numpy as np
from PIL import Image

from cnn.vision.denoise import level_panels, remove_impulses

Sheet = tuple[np.ndarray, np.ndarray]


def test_pictures_without_faults_are_left_alone(sheet: Sheet) -> None:
    for image in sheet[0]:
        page = Image.fromarray(255 - image)
        assert remove_impulses(page) is page
        assert level_panels(page) is page


def test_salt_and_pepper_are_taken_away(sheet: Sheet) -> None:
    rng = np.random.default_rng(0)
    for image in sheet[0][:10]:
        page = 255 - image
        dice = rng.random(page.shape)
        struck = np.where(dice < 0.1, 255 * (dice < 0.05), page).astype(np.uint8)
        mended = np.asarray(remove_impulses(Image.fromarray(struck)))
        before, after = (
            np.count_nonzero(np.abs(a.astype(int) - page) > 100) for a in (struck, mended)
        )
        assert after < 0.5 * before


def test_panels_in_negative_are_turned_back(sheet: Sheet) -> None:
    image = sheet[0][3]
    for part in (np.s_[:, :7], np.s_[:, 21:], np.s_[:5], np.s_[24:]):
        struck = image.copy()
        struck[part] = 255 - struck[part]
        assert np.array_equal(np.asarray(level_panels(Image.fromarray(struck))), image)
