"""A turn of a generator and its discriminator: what one thread computes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers import Layer, Reparametrise
from cnn.layers.functional import channels_last, one_hot, sigmoid
from cnn.models.adversaries import Adversaries
from cnn.training.generative_losses import adversarial_loss, gaussian_divergence
from cnn.training.losses import BinaryCrossEntropy
from cnn.training.penalty import gradient_penalty
from cnn.training.plans import compile_passes

__all__ = ["AdversarialPlan", "Objective", "Turn"]

Array = npt.NDArray[Any]

_RECONSTRUCTION = BinaryCrossEntropy()
_REPARAMETRISE = Reparametrise()


@dataclass(frozen=True, kw_only=True)
class Objective:
    """What the networks are trained for.

    Parameters
    ----------
    adversarial : float
        Weight of the discriminator's judgement in the generator's loss.
    reconstruction : float
        Weight of the reconstruction loss: cross-entropy of each pixel, added up over the picture.
    divergence : float
        Weight of the divergence of codes from the standard normal distribution.
    penalty : float
        Weight of the discriminator's gradient penalty; 0 for none.
    penalty_every : int
        The penalty is taken once in so many steps, so many times as strong (Karras et al.,
        "Analyzing and Improving the Image Quality of StyleGAN", 2020).
    """

    adversarial: float = 1.0
    reconstruction: float = 0.0
    divergence: float = 0.0
    penalty: float = 0.0
    penalty_every: int = 16


@dataclass
class Turn:
    """What was found for one network's step.

    Attributes
    ----------
    metrics : dict of str to float
        Losses and shares, means over the pictures.
    grads : dict of str to ndarray
        Gradient of the loss by each parameter, "network.layer.parameter"; good until the next
        turn.
    statistics : list of (Layer, object)
        Layers, each with what its `update_statistics` takes.
    """

    metrics: dict[str, float]
    grads: dict[str, Array]
    statistics: list[tuple[Layer, Any]] = field(default_factory=list)


@dataclass
class _Batch:
    """The pictures of a turn, and what was made for them: like the first of them, then others."""

    pictures: Array
    labels: Array
    logits: Array
    made: Array
    moments: Array | None
    noise: Any


class AdversarialPlan:
    """Passes through all networks, for one thread at a time.

    `judge` makes pictures and finds what the discriminator has to learn from them; after the
    discriminator's step, `improve` finds what the others have to learn from its judgement of the
    same pictures.

    Parameters
    ----------
    networks : Adversaries
        Their parameters may change between calls.
    objective : Objective
        What they are trained for.
    """

    def __init__(self, networks: Adversaries, objective: Objective) -> None:
        self._networks = networks
        self._objective = objective
        encoder = networks.encoder
        # Losses take logits: the generator's sigmoid is left out.
        self._generator = compile_passes(networks.generator, depth=-1, to_input=encoder is not None)
        self._discriminator = compile_passes(networks.discriminator, to_input=True)
        self._encoder = None if encoder is None else compile_passes(encoder)
        self._batch: _Batch | None = None

    def judge(
        self,
        pictures: Array,
        labels: Array,
        *,
        rng: np.random.Generator,
        weight: float,
        penalised: bool,
    ) -> Turn:
        """Make pictures, and return the discriminator's loss and gradients.

        Parameters
        ----------
        pictures : ndarray of float, (N, C, H, W)
            Real pictures, from 0 to 1.
        labels : ndarray of int, (N,)
            Their classes.
        rng : numpy.random.Generator
            Source of codes.
        weight : float
            Factor of the gradients.
        penalised : bool
            Whether this is a step with the gradient penalty.
        """
        batch = self._batch = self._make(pictures, labels, rng)
        count = len(pictures)
        scores = self._discriminator.forward(np.concatenate([pictures, batch.made]), rng)
        real_loss, real = adversarial_loss(scores[:count], labels, real=True)
        made_loss, made = adversarial_loss(scores[count:], labels, real=False)
        metrics = {
            "discriminator_loss": real_loss + made_loss,
            "real_right": _share_above_0(scores[:count], labels),
            "made_right": 1 - _share_above_0(scores[count:], labels),
        }
        self._discriminator.backward(np.concatenate([real, made]) * real.dtype.type(weight))
        grads = self._discriminator.gradients()
        if penalised:
            grads = {name: gradient.copy() for name, gradient in grads.items()}
            penalty, more = gradient_penalty(self._discriminator, pictures, labels, rng=rng)
            factor = self._objective.penalty * self._objective.penalty_every * weight
            for name, gradient in more.items():
                grads[name] += gradient * gradient.dtype.type(factor)
            metrics["penalty"] = penalty
        return Turn(metrics, _prefixed("discriminator", grads))

    def improve(self, *, rng: np.random.Generator, weight: float) -> Turn:
        """Return the loss and gradients of the generator, and of the encoder if there is one.

        For the pictures that `judge` made last. Parameters are those of `judge`.
        """
        if self._batch is None:
            raise ValueError("nothing was made yet: judge pictures first")
        batch, networks, objective = self._batch, self._networks, self._objective
        scores = self._discriminator.forward(batch.made, rng)
        deceived, dy = adversarial_loss(scores, batch.labels, real=True)
        dx = self._discriminator.backward(
            dy * dy.dtype.type(objective.adversarial), parameters=False
        )
        if dx is None:
            raise ValueError("the discriminator gives no gradient of its input")
        gradient = dx * (batch.made * (1 - batch.made))
        metrics = {"adversarial": deceived, "loss": objective.adversarial * deceived}
        count = 0 if batch.moments is None else len(batch.moments)
        if count:
            pixels = float(batch.pictures[0].size)
            loss, difference = _RECONSTRUCTION(batch.logits[:count], batch.pictures[:count])
            factor = objective.reconstruction * pixels
            gradient[:count] += difference * gradient.dtype.type(factor)
            metrics["reconstruction"] = loss * pixels
            metrics["loss"] += loss * factor
        dcodes = self._generator.backward(gradient * gradient.dtype.type(weight))
        turn = Turn(
            metrics,
            _prefixed("generator", self._generator.gradients()),
            self._generator.statistics(),
        )
        if self._encoder is not None and batch.moments is not None and dcodes is not None:
            dmoments, _ = _REPARAMETRISE.backward(dcodes[:count, : networks.code], batch.noise)
            divergence, more = gaussian_divergence(batch.moments)
            dmoments += more * more.dtype.type(objective.divergence * weight)
            self._encoder.backward(dmoments)
            turn.grads |= _prefixed("encoder", self._encoder.gradients())
            turn.statistics += self._encoder.statistics()
            metrics["divergence"] = divergence
            metrics["loss"] += objective.divergence * divergence
        return turn

    def _make(self, pictures: Array, labels: Array, rng: np.random.Generator) -> _Batch:
        """Make a picture of the class of each real one.

        With an encoder, those of the first half are like these; the others' codes are drawn.
        """
        networks, dtype = self._networks, pictures.dtype
        rows = one_hot(labels, networks.classes, dtype)
        codes = rng.standard_normal((len(labels), networks.code), np.float32).astype(dtype)
        moments, noise = None, None
        if self._encoder is not None:
            half = (len(pictures) + 1) // 2
            flat = channels_last(pictures[:half]).reshape(half, -1)
            moments = self._encoder.forward(np.concatenate([flat, rows[:half]], axis=1), rng)
            codes[:half], noise = _REPARAMETRISE.forward(moments, training=True, rng=rng)
        logits = self._generator.forward(np.concatenate([codes, rows], axis=1), rng)
        return _Batch(pictures, labels, logits, sigmoid(logits), moments, noise)


def _share_above_0(scores: Array, labels: Array) -> float:
    return float((scores[np.arange(len(labels)), labels] > 0).mean())


def _prefixed(network: str, grads: dict[str, Array]) -> dict[str, Array]:
    return {f"{network}.{name}": gradient for name, gradient in grads.items()}
