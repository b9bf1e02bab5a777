"""Optimisers: how parameters follow their gradients.

A subclass says in `update` what a piece of a parameter does with the same piece of its
gradient, and in `kinds` what it remembers from step to step. That stands in `slots`, so
that a training run can be stopped and resumed to the same end.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["SGD", "Adam", "AdamW", "Optimiser"]

Array = npt.NDArray[Any]

_PIECE = 1 << 15  # numbers: so few stay in the cache through all that is done to them


class Optimiser(ABC):
    """Changes parameters in place, step by step.

    Parameters
    ----------
    learning_rate : float
        How far one step goes; a schedule may change it between steps.

    Attributes
    ----------
    kinds : tuple of str
        Names of what is remembered of each parameter.
    steps : int
        Steps taken so far.
    slots : dict of str to ndarray
        What is remembered, named "parameter/kind"; zeros at first.
    """

    kinds: tuple[str, ...] = ()

    def __init__(self, learning_rate: float) -> None:
        if not learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, got {learning_rate}")
        self.learning_rate = learning_rate
        self.steps = 0
        self.slots: dict[str, Array] = {}

    def step(self, params: Mapping[str, Array], *grads: Mapping[str, Array]) -> None:
        """Move every parameter, in place, along its gradient of the same name and shape.

        Where several mappings of gradients are given, along their sum.
        """
        self.steps += 1
        for name in grads[0]:
            param = params[name]
            slots = [self._slot(f"{name}/{kind}", param) for kind in self.kinds]
            rows = max(1, _PIECE * len(param) // param.size)
            spare = np.empty_like(param[:rows])
            for start in range(0, len(param), rows):
                some = slice(start, start + rows)
                total = spare[: len(param) - start]
                np.copyto(total, grads[0][name][some])
                for other in grads[1:]:
                    total += other[name][some]
                self.update(param[some], total, *(slot[some] for slot in slots))

    def _slot(self, name: str, param: Array) -> Array:
        if name not in self.slots:
            self.slots[name] = np.zeros_like(param)
        return self.slots[name]

    def load_slots(self, slots: Mapping[str, Array], params: Mapping[str, Array]) -> None:
        """Go on with what was remembered of these parameters.

        Raises
        ------
        ValueError
            If it is not what this optimiser remembers.
        """
        expected = {f"{name}/{kind}": p.shape for name, p in params.items() for kind in self.kinds}
        if {name: slot.shape for name, slot in slots.items()} != expected:
            raise ValueError(f"what its optimiser remembers does not fit {type(self).__name__}")
        self.slots = dict(slots)

    @abstractmethod
    def update(self, param: Array, grad: Array, *slots: Array) -> None:
        """Move some rows of a parameter in place, with what is remembered of them.

        The gradient may be overwritten.
        """


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
        self.kinds = ("velocity",) if momentum else ()
        self.momentum = momentum
        self.nesterov = nesterov

    def update(self, param: Array, grad: Array, *slots: Array) -> None:
        """See `Optimiser.update`."""
        direction = grad
        for velocity in slots:
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

    kinds = ("total", "squares")

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

    def update(self, param: Array, grad: Array, *slots: Array) -> None:
        """See `Optimiser.update`.

        What is kept are sums, without the means' factors 1 - beta: these go into the step.
        """
        total, squares = slots
        first, second = self.betas
        factor = ((1 - second) / (1 - second**self.steps)) ** 0.5
        rate = self.learning_rate * (1 - first) / (1 - first**self.steps) / factor
        total *= first
        total += grad
        grad *= grad
        squares *= second
        squares += grad
        change = np.sqrt(squares, out=grad)
        change += self.epsilon / factor
        np.divide(total, change, out=change)
        change *= rate
        param -= change


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

    def update(self, param: Array, grad: Array, *slots: Array) -> None:
        """See `Optimiser.update`."""
        if param.ndim > 1:
            param *= 1 - self.learning_rate * self.weight_decay
        super().update(param, grad, *slots)
