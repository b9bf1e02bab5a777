"""Optimisers: how parameters follow their gradients.

A subclass says in `update` what one parameter does with one gradient; what it
remembers from step to step stands in `slots`, so that a training run can be
stopped and resumed to the same end.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["SGD", "Adam", "AdamW", "Optimiser"]

Array = npt.NDArray[Any]

_PIECE = 1 << 14  # numbers


class Optimiser(ABC):
    """Changes parameters in place, step by step.

    Parameters
    ----------
    learning_rate : float
        How far one step goes; a schedule may change it between steps.

    Attributes
    ----------
    steps : int
        Steps taken so far.
    slots : dict of str to ndarray
        What is remembered of each parameter, named "parameter/slot".
    """

    def __init__(self, learning_rate: float) -> None:
        if not learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, got {learning_rate}")
        self.learning_rate = learning_rate
        self.steps = 0
        self.slots: dict[str, Array] = {}

    def step(self, params: Mapping[str, Array], grads: Mapping[str, Array]) -> None:
        """Move every parameter, in place, along its gradient of the same name and shape."""
        self.steps += 1
        for name, gradient in grads.items():
            self.update(name, params[name], gradient)

    @abstractmethod
    def update(self, name: str, param: Array, grad: Array) -> None:
        """Move one parameter in place."""

    def slot(self, name: str, kind: str, like: Array) -> Array:
        """Return what is remembered under a name: zeros at first."""
        return self.slots.setdefault(f"{name}/{kind}", np.zeros_like(like))


class SGD(Optimiser):
    """Stochastic gradient descent, with momentum if asked.

    Parameters
    ----------
    learning_rate : float
        Length of a step.
    momentum : float
        Share of the last step that is taken again, 0 to below 1.
    nesterov : bool
        Whether the gradient is taken as if the momentum's step had been made
        already (Sutskever et al., 2013).
    """

    def __init__(
        self, learning_rate: float = 0.01, *, momentum: float = 0.0, nesterov: bool = False
    ) -> None:
        super().__init__(learning_rate)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be from 0 to below 1, got {momentum}")
        if nesterov and not momentum:
            raise ValueError("nesterov needs a momentum above 0")
        self.momentum = momentum
        self.nesterov = nesterov

    def update(self, name: str, param: Array, grad: Array) -> None:
        """See `Optimiser.update`."""
        direction = grad
        if self.momentum:
            velocity = self.slot(name, "velocity", param)
            velocity *= self.momentum
            velocity += grad
            direction = grad + self.momentum * velocity if self.nesterov else velocity
        param -= self.learning_rate * direction


class Adam(Optimiser):
    """Steps scaled by running means of the gradient and of its square.

    Parameters
    ----------
    learning_rate : float
        Length of a step, about.
    betas : (float, float)
        How much of each mean is kept from step to step.
    epsilon : float
        Keeps the division away from zero.

    References
    ----------
    Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2015.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(learning_rate)
        if not all(0 <= beta < 1 for beta in betas) or not epsilon > 0:
            raise ValueError(
                f"betas must be from 0 to below 1 and epsilon above 0, got {betas}, {epsilon}"
            )
        self.betas = betas
        self.epsilon = epsilon

    def update(self, name: str, param: Array, grad: Array) -> None:
        """See `Optimiser.update`."""
        mean, square = self.slot(name, "mean", param), self.slot(name, "square", param)
        first, second = self.betas
        rate = self.learning_rate / (1 - first**self.steps)
        correction = 1 / (1 - second**self.steps)
        flat = [array.reshape(-1, copy=False) for array in (param, grad, mean, square)]
        # A piece at a time, so that it stays in the cache through all that is done to it.
        for start in range(0, param.size, _PIECE):
            p, g, m, s = (array[start : start + _PIECE] for array in flat)
            m += (1 - first) * (g - m)
            s += (1 - second) * (g * g - s)
            spread = np.sqrt(s * correction)
            spread += self.epsilon
            np.divide(m, spread, out=spread)
            spread *= rate
            p -= spread


class AdamW(Adam):
    """Adam with weight decay that the scaling does not touch.

    Parameters
    ----------
    learning_rate, betas, epsilon
        As for `Adam`.
    weight_decay : float
        Share of each weight that a step of learning rate 1 would take away. Biases,
        scales and shifts (one-dimensional parameters) are left alone.

    References
    ----------
    Loshchilov & Hutter, "Decoupled Weight Decay Regularization", 2019.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(learning_rate, betas=betas, epsilon=epsilon)
        if weight_decay < 0:
            raise ValueError(f"weight_decay must be 0 or more, got {weight_decay}")
        self.weight_decay = weight_decay

    def update(self, name: str, param: Array, grad: Array) -> None:
        """See `Optimiser.update`."""
        if param.ndim > 1:
            param *= 1 - self.learning_rate * self.weight_decay
        super().update(name, param, grad)
