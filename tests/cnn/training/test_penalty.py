"""The gradient penalty is the slope by the picture, and its gradient that by the weights."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.layers import Conv2D, Dense, Flatten, Layer, LeakyReLU, Tanh
from cnn.layers.gradcheck import numerical_gradient
from cnn.models.sequential import Sequential
from cnn.training.penalty import gradient_penalty
from cnn.training.plans import compile_passes

RNG = np.random.default_rng(0)
X = RNG.uniform(0, 1, (3, 2, 4, 4))
LABELS = np.array([0, 2, 1])


def judging(activation: Layer, dtype: str = "float64") -> Sequential:
    layers = [Conv2D(3, 3, padding=1), activation, Flatten(), Dense(3)]
    return Sequential(layers, input_shape=(2, 4, 4), seed=1, dtype=dtype)


@pytest.mark.parametrize(
    ("activation", "step"), [(Tanh, 1e-3), (LeakyReLU, 1e-4)], ids=["smooth", "with kinks"]
)
def test_its_gradient(activation: type[Layer], step: float) -> None:
    network = judging(activation())
    passes = compile_passes(network, to_input=True)

    def penalty() -> float:
        rng = np.random.default_rng(0)
        return gradient_penalty(passes, X, LABELS, rng=rng, step=step)[0]

    _, found = gradient_penalty(passes, X, LABELS, rng=np.random.default_rng(0), step=step)
    gradients = {name: gradient.copy() for name, gradient in found.items()}
    for name, array in network.parameters().items():
        slope = numerical_gradient(penalty, array)
        np.testing.assert_allclose(gradients[name], slope, rtol=1e-5, atol=1e-7, err_msg=name)


def test_the_penalty_of_a_linear_network_by_hand() -> None:
    network = Sequential([Flatten(), Dense(2)], input_shape=(1, 1, 2))
    network.load_state_dict(
        {"1.weight": np.array([[3.0, 1.0], [4.0, -1.0]]), "1.bias": np.zeros(2)}
    )
    passes = compile_passes(network, to_input=True)
    x = np.ones((2, 1, 1, 2), np.float32)
    penalty, grads = gradient_penalty(passes, x, np.array([0, 1]), rng=RNG)
    assert penalty == pytest.approx((25 / 2 + 2 / 2) / 2)
    # Of half the mean of (3² + 4²) and of (1² + 1²).
    np.testing.assert_allclose(grads["1.weight"], [[1.5, 0.5], [2, -0.5]], rtol=1e-4)


def test_a_flat_score_has_no_penalty() -> None:
    network = judging(LeakyReLU(), "float32")
    state = network.state_dict()
    network.load_state_dict({name: np.zeros_like(array) for name, array in state.items()})
    passes = compile_passes(network, to_input=True)
    penalty, grads = gradient_penalty(passes, X.astype(np.float32), LABELS, rng=RNG)
    assert penalty == 0
    assert all(np.all(gradient == 0) for gradient in grads.values())


def test_passes_without_the_gradient_of_the_input_are_refused() -> None:
    with pytest.raises(ValueError, match="compile them to_input"):
        gradient_penalty(compile_passes(judging(Tanh())), X, LABELS, rng=RNG)
