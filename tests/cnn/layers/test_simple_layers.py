"""Dense, flatten, activations, dropout, batch normalisation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnn.layers import (
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    ReLU,
    Reparametrise,
    Sigmoid,
    Slice,
    Softmax,
    Tanh,
    Unflatten,
)

Spaced = Callable[[tuple[int, ...]], np.ndarray]
X = np.array([[-2.0, -0.5, 0.0, 3.0]])


def built(layer: Layer, shape: tuple[int, ...], dtype: type = np.float64) -> Layer:
    layer.build(shape, rng=np.random.default_rng(0), dtype=dtype)
    return layer


@pytest.mark.parametrize(
    "layer",
    [
        Dense(3),
        Dense(3, bias=False),
        ReLU(),
        LeakyReLU(slope=0.2),
        Tanh(),
        Sigmoid(),
        Softmax(),
        Softmax(temperature=2.5),
        Unflatten((1, 5, 1)),
        Slice(1, 4),
    ],
    ids=repr,
)
def test_gradients_of_layers_for_vectors(
    layer: Layer, check_gradients: Callable[..., None], spaced: Spaced
) -> None:
    check_gradients(layer, spaced((4, 5)))


@pytest.mark.parametrize(
    "layer",
    [Flatten(), ReLU(), LeakyReLU(), Tanh(), Sigmoid(), BatchNorm(), Dropout(0.3)],
    ids=repr,
)
@pytest.mark.parametrize("training", [True, False])
def test_gradients_of_layers_for_pictures(
    layer: Layer, training: bool, check_gradients: Callable[..., None], spaced: Spaced
) -> None:
    check_gradients(layer, spaced((3, 2, 4, 2)), training=training)


def test_the_gradient_of_batch_normalisation_of_vectors(
    check_gradients: Callable[..., None], spaced: Spaced
) -> None:
    check_gradients(BatchNorm(), spaced((6, 3)), training=True)


def test_activations_by_hand() -> None:
    assert ReLU().forward(X)[0].tolist() == [[0, 0, 0, 3]]
    assert LeakyReLU(slope=0.1).forward(X)[0].tolist() == [[-0.2, -0.05, 0, 3]]
    np.testing.assert_allclose(Sigmoid().forward(X)[0], 1 / (1 + np.exp(-X)))
    np.testing.assert_allclose(Tanh().forward(X)[0], np.tanh(X))
    np.testing.assert_allclose(
        Softmax().forward(np.log([[1.0, 2.0, 7.0]]))[0], [[0.1, 0.2, 0.7]], rtol=1e-12
    )


def test_a_temperature_of_two_takes_the_root_of_the_odds() -> None:
    y, _ = Softmax(temperature=2.0).forward(np.log([[1.0, 9.0]]))
    np.testing.assert_allclose(y, [[0.25, 0.75]])


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 4), st.integers(1, 6)),
        elements=st.floats(-(2.0**99), 2.0**99, width=32),
    )
)
def test_squeezing_layers_stay_in_their_range_for_any_numbers(x: np.ndarray) -> None:
    for layer in (Sigmoid(), Softmax(), Tanh()):
        y, _ = layer.forward(x)
        assert y.dtype == np.float32
        assert np.all((y >= (-1 if isinstance(layer, Tanh) else 0)) & (y <= 1))
    np.testing.assert_allclose(Softmax().forward(x)[0].sum(axis=1), 1, rtol=1e-5)


def test_dense_by_hand() -> None:
    layer = built(Dense(2), (3,))
    layer.params["weight"] = np.array([[1.0, 2], [3, 4], [5, 6]])
    layer.params["bias"] = np.array([0.5, -0.5])
    assert layer.forward(np.array([[1.0, 0, 2]]))[0].tolist() == [[11.5, 13.5]]


def test_dense_wants_vectors() -> None:
    with pytest.raises(ValueError, match=r"flat vectors of shape \(D,\), got \(4, 4, 1\)"):
        Dense(3).infer_shape((4, 4, 1))


def test_flatten_keeps_the_order_and_undoes_itself() -> None:
    x = np.arange(24.0).reshape(2, 2, 3, 2)
    layer = built(Flatten(), (2, 3, 2))
    y, cache = layer.forward(x)
    assert layer.output_shape == (12,)
    assert y[1].tolist() == list(range(12, 24))
    assert np.array_equal(layer.backward(y, cache)[0], x)


def test_unflatten_takes_its_shape_channels_first_and_undoes_flatten() -> None:
    x = np.arange(24.0).reshape(2, 2, 3, 2)
    flat, _ = built(Flatten(), (2, 3, 2)).forward(x)
    layer = built(Unflatten((2, 2, 3)), (12,))
    assert layer.output_shape == (2, 3, 2)
    assert np.array_equal(layer.forward(flat)[0], x)


def test_unflatten_refuses_what_fits_no_picture() -> None:
    with pytest.raises(ValueError, match=r"\(2, 2, 3\) has 12 numbers, got \(10,\)"):
        Unflatten((2, 2, 3)).infer_shape((10,))
    for shape in ((2, 3), (2, 0, 3), (2, 2.5, 3)):
        with pytest.raises(ValueError, match="three whole numbers from 1 up"):
            Unflatten(shape)  # type: ignore[arg-type]


def test_dropout_silences_its_share_and_keeps_the_mean() -> None:
    x = np.ones((100, 1000), np.float32)
    y, _ = Dropout(0.25).forward(x, training=True, rng=np.random.default_rng(0))
    assert np.mean(y == 0) == pytest.approx(0.25, abs=0.01)
    assert y.mean() == pytest.approx(1, abs=0.01)
    assert y.max() == pytest.approx(1 / 0.75)
    assert y.dtype == np.float32


def test_dropout_does_nothing_outside_training_and_is_repeatable_in_it() -> None:
    x = np.ones((10, 10))
    layer = Dropout(0.5)
    assert np.array_equal(layer.forward(x)[0], x)
    assert np.array_equal(Dropout(0.0).forward(x, training=True)[0], x)
    first, again, other = (
        layer.forward(x, training=True, rng=np.random.default_rng(seed))[0] for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_dropout_in_training_asks_for_a_generator() -> None:
    with pytest.raises(ValueError, match="needs a random generator"):
        Dropout(0.5).forward(np.ones((1, 2)), training=True)


def test_batch_normalisation_in_training_gives_each_channel_mean_nought_and_variance_one() -> None:
    layer = built(BatchNorm(), (5, 5, 3))
    x = np.random.default_rng(0).normal([1, -20, 300], [1, 5, 0.1], (8, 5, 5, 3))
    y, _ = layer.forward(x, training=True)
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0, atol=1e-9)
    np.testing.assert_allclose(y.var(axis=(0, 1, 2)), 1, rtol=2e-3)
    layer.params["scale"][:] = 2
    layer.params["shift"][:] = 7
    scaled, _ = layer.forward(x, training=True)
    np.testing.assert_allclose(scaled, 2 * y + 7)


def test_batch_normalisation_folds_in_statistics_only_when_told_to() -> None:
    layer = built(BatchNorm(momentum=0.8), (2,))
    x = np.array([[0.0, 1], [2, 1], [4, 1]])
    _, cache = layer.forward(x, training=True)
    assert layer.buffers["mean"].tolist() == [0, 0]
    layer.update_statistics(cache)
    # 0.8 of the old, 0.2 of the batch's, its variance over M - 1.
    np.testing.assert_allclose(layer.buffers["mean"], [0.4, 0.2])
    np.testing.assert_allclose(layer.buffers["variance"], [0.8 + 0.2 * 4, 0.8])


def test_batch_normalisation_elsewhere_uses_the_running_statistics() -> None:
    layer = built(BatchNorm(epsilon=1e-9), (1,))
    layer.buffers.update(mean=np.array([10.0]), variance=np.array([4.0]))
    layer.params.update(scale=np.array([3.0]), shift=np.array([1.0]))
    np.testing.assert_allclose(layer.forward(np.array([[14.0], [10.0]]))[0], [[7], [1]])


def test_a_constant_channel_stays_finite() -> None:
    layer = built(BatchNorm(), (2,), np.float32)
    y, cache = layer.forward(np.ones((4, 2), np.float32), training=True)
    dx, _ = layer.backward(np.ones_like(y), cache)
    assert np.all(y == 0)
    assert np.isfinite(dx).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dropout(1.0), "rate must be .* got 1.0"),
        (lambda: Dropout(-0.1), "rate must be .* got -0.1"),
        (lambda: LeakyReLU(slope=1.0), "slope must be .* got 1.0"),
        (lambda: Softmax(temperature=0.0), "temperature must be above 0, got 0.0"),
        (lambda: Softmax(temperature=float("nan")), "temperature must be above 0, got nan"),
        (lambda: BatchNorm(momentum=1.5), "momentum must be .* got 1.5"),
        (lambda: BatchNorm(epsilon=0.0), "epsilon above 0, got 0.9 and 0.0"),
        (lambda: Dense(0), "units must be .* got 0"),
        (lambda: Dense(3, initialiser="ones"), "initialiser must be .* got 'ones'"),
    ],
)
def test_options_that_make_no_sense_are_refused(make: Callable[[], Layer], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("training", [False, True])
def test_gradients_of_a_reparametrisation(
    training: bool, check_gradients: Callable[..., None], spaced: Spaced
) -> None:
    check_gradients(Reparametrise(), spaced((4, 6)), training=training)


def test_a_reparametrisation_draws_from_the_distributions_that_it_is_given() -> None:
    layer = built(Reparametrise(), (4,))
    x = np.tile([3.0, -1.0, 2 * np.log(0.5), 2 * np.log(4.0)], (40_000, 1))
    y, _ = layer.forward(x, training=True, rng=np.random.default_rng(0))
    np.testing.assert_allclose(y.mean(axis=0), [3, -1], atol=0.06)
    np.testing.assert_allclose(y.std(axis=0), [0.5, 4], rtol=0.02)
    assert np.array_equal(layer.forward(x)[0], x[:, :2])
    with pytest.raises(ValueError, match="needs a random generator"):
        layer.forward(x, training=True)
    with pytest.raises(ValueError, match=r"as many means as variances, \(2D,\), got \(5,\)"):
        Reparametrise().infer_shape((5,))


def test_a_slice_takes_neighbouring_numbers() -> None:
    layer = built(Slice(1, 3), (4,))
    assert layer.forward(X)[0].tolist() == [[-0.5, 0.0]]
    for start, stop in ((-1, 2), (2, 2), (0, 1.5)):
        with pytest.raises(ValueError, match="0 <= start < stop"):
            Slice(start, stop)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"a slice to 6 needs .* got \(5,\)"):
        Slice(2, 6).infer_shape((5,))
