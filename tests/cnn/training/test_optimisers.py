"""Optimisers: steps computed by hand, decay, and that they find a minimum."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cnn.training.optimisers import SGD, Adam, AdamW, Optimiser


def walk(optimiser: Optimiser, gradients: list[float], start: float = 1.0) -> list[float]:
    """Return where a single number goes, gradient by gradient."""
    params = {"0.weight": np.full((1, 1), start)}
    places = []
    for gradient in gradients:
        optimiser.step(params, {"0.weight": np.full((1, 1), gradient)})
        places.append(float(params["0.weight"][0, 0]))
    return places


def test_plain_descent_by_hand() -> None:
    assert walk(SGD(0.5), [1.0, -2.0]) == [0.5, 1.5]


def test_momentum_by_hand() -> None:
    # Velocities 1, 0.5·1 + 1 = 1.5, 0.5·1.5 + 0 = 0.75.
    assert walk(SGD(0.1, momentum=0.5), [1.0, 1.0, 0.0]) == pytest.approx([0.9, 0.75, 0.675])


def test_nesterov_by_hand() -> None:
    # Steps g + 0.5·v: 1.5, 1.75, 0.375.
    places = walk(SGD(0.1, momentum=0.5, nesterov=True), [1.0, 1.0, 0.0])
    assert places == pytest.approx([0.85, 0.675, 0.6375])


def test_adam_by_hand() -> None:
    optimiser = Adam(0.1, betas=(0.5, 0.75), epsilon=1e-12)
    # Means 1, (0.5·0.5 + 0.5·3) / 0.75; squares 1, (0.75·0.25 + 0.25·9) / 0.4375.
    second = (1.75 / 0.75) / np.sqrt(2.4375 / 0.4375)
    assert walk(optimiser, [1.0, 3.0]) == pytest.approx([0.9, 0.9 - 0.1 * second])


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_the_first_step_of_adam_is_as_long_as_the_rate(size: float) -> None:
    assert walk(Adam(0.01), [size]) == pytest.approx([0.99], rel=1e-4)


def test_adamw_takes_the_decay_off_the_weight_and_then_steps_like_adam() -> None:
    [decayed] = walk(AdamW(0.1, weight_decay=0.5), [2.0])
    [plain] = walk(Adam(0.1), [2.0], start=0.95)
    assert decayed == pytest.approx(plain)


def test_decay_leaves_biases_alone() -> None:
    params = {"0.weight": np.ones((2, 2)), "0.bias": np.ones(2)}
    grads = {name: np.zeros_like(array) for name, array in params.items()}
    AdamW(0.1, weight_decay=0.5).step(params, grads)
    assert np.all(params["0.weight"] == 0.95)
    assert np.all(params["0.bias"] == 1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: SGD(0.1),
        lambda: SGD(0.02, momentum=0.9),
        lambda: SGD(0.02, momentum=0.9, nesterov=True),
        lambda: Adam(0.05),
        lambda: AdamW(0.05, weight_decay=0.0),
    ],
)
def test_each_finds_the_bottom_of_a_bowl(make: Callable[[], Optimiser]) -> None:
    optimiser = make()
    goal = np.array([[3.0, -1.0]])
    params = {"w": np.zeros((1, 2))}
    for _ in range(500):
        optimiser.step(params, {"w": (params["w"] - goal) * [[1.0, 4.0]]})
    np.testing.assert_allclose(params["w"], goal, atol=1e-2)
    assert optimiser.steps == 500


@pytest.mark.parametrize("make", [lambda: SGD(0.1, momentum=0.9), Adam, AdamW])
def test_a_large_parameter_moves_as_its_numbers_do_by_themselves(
    make: Callable[[], Optimiser],
) -> None:
    # Large enough for several pieces, the last one shorter.
    rng = np.random.default_rng(0)
    whole, parts = make(), make()
    weight = rng.normal(size=(300, 333))
    rows = {str(row): weight[row : row + 1].copy() for row in range(300)}
    for _ in range(3):
        gradient = rng.normal(size=weight.shape)
        whole.step({"w": weight}, {"w": gradient})
        parts.step(rows, {name: gradient[int(name)][None] for name in rows})
    np.testing.assert_allclose(weight, np.concatenate(list(rows.values())), rtol=1e-12)


@pytest.mark.parametrize("make", [lambda: SGD(0.1, momentum=0.9), Adam, AdamW])
def test_several_gradients_are_added_up_and_stay_as_they_are(
    make: Callable[[], Optimiser],
) -> None:
    first, second = np.full((2, 3), 0.5), np.arange(6.0).reshape(2, 3)
    one, two = np.ones((2, 3)), np.ones((2, 3))
    make().step({"w": one}, {"w": first + second})
    make().step({"w": two}, {"w": first}, {"w": second})
    np.testing.assert_array_equal(one, two)
    assert (first == 0.5).all()
    np.testing.assert_array_equal(second.ravel(), np.arange(6))


@pytest.mark.parametrize("make", [lambda: SGD(0.1, momentum=0.9), Adam, AdamW])
def test_parameters_change_in_place_and_stay_float32(make: Callable[[], Optimiser]) -> None:
    weight = np.ones((2, 3), np.float32)
    optimiser = make()
    for _ in range(3):
        optimiser.step({"w": weight}, {"w": np.ones((2, 3), np.float32)})
    assert np.all(weight < 1)
    assert weight.dtype == np.float32
    assert all(slot.dtype == np.float32 for slot in optimiser.slots.values())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(0.0), "learning_rate must be above 0, got 0.0"),
        (lambda: Adam(-1.0), "learning_rate must be above 0, got -1.0"),
        (lambda: SGD(0.1, momentum=1.0), "momentum must be .* got 1.0"),
        (lambda: SGD(0.1, nesterov=True), "nesterov needs a momentum"),
        (lambda: Adam(betas=(0.9, 1.0)), r"betas must be .* got \(0.9, 1.0\)"),
        (lambda: Adam(epsilon=0.0), "epsilon above 0"),
        (lambda: AdamW(weight_decay=-0.1), "weight_decay must be 0 or more, got -0.1"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    make: Callable[[], Optimiser], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make()
