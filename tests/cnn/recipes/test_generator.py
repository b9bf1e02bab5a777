"""Recipes of generators: what differs for the pictures of a folder."""

from __future__ import annotations

from cnn.recipes.generator import DIGIT_GENERATORS, choose_generator_recipe


def test_fewer_pictures_are_shown_more_often() -> None:
    epochs = [choose_generator_recipe("vae-gan", count).epochs for count in (100, 4000, 10**6)]
    assert epochs == [312, 100, 1]


def test_the_blurs_of_the_first_epochs_are_no_collapse() -> None:
    """Those of 100 photographs of faces differed by 0.37 of what the photographs do."""
    for architecture, recipe in DIGIT_GENERATORS.items():
        assert choose_generator_recipe(architecture, 100).least < 0.37 < recipe.least


def test_what_is_made_has_to_resemble_its_model_more_than_a_digit_has() -> None:
    for architecture, recipe in DIGIT_GENERATORS.items():
        folder = choose_generator_recipe(architecture, 100).objective
        assert folder.reconstruction == 5 * recipe.objective.reconstruction
        assert folder.divergence == recipe.objective.divergence
