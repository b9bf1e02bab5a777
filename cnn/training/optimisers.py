"""Optimisers: update rules for parameters, given their gradients.

A subclass defines in `update` the rule for some rows of a parameter, and in `kinds` the
names of its state arrays, such as a velocity. These are kept in `slots`, so that a
training run can be stopped and resumed with the same result.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["SGD", "Adam", "AdamW", "Optimiser"]

Array = npt.NDArray[Any]

_PIECE = 1 << 15  # numbers updated at a time, so that they stay in the cache


class Optimiser(ABC):
    """Changes parameters in place, step by step.

    Parameters
    ----------
    learning_rate : float
        Step size; a schedule may change it between steps.

    Attributes
    ----------
    kinds : tuple of str
        Names of the state arrays of each parameter, such as ("velocity",).
    steps : int
        Steps taken so far.
    slots : dict of str to ndarray
        State arrays by "parameter/kind", of the parameter's shape; zeros at first.
    """

    kinds: tuple[str, ...] = ()

    def __init__(self, learning_rate: float) -> None:
        if not learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, got {learning_rate}")
        self.learning_rate = learning_rate
        self.steps = 0
        self.slots: dict[str, Array] = {}

    def step(self, params: Mapping[str, Array], *grads: Mapping[str, Array]) -> None:
        """Update every parameter in place.

        Parameters
        ----------
        params : mapping of str to ndarray
            The parameters.
        *grads : mapping of str to ndarray
            Gradients of the parameters' names and shapes; several mappings are summed.
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
        """Restore the state arrays, as of a checkpoint.

        Parameters
        ----------
        slots : mapping of str to ndarray
            What `slots` was.
        params : mapping of str to ndarray
            The parameters that they belong to.

        Raises
        ------
        ValueError
            If names or shapes are not those of this optimiser's state.
        """
        expected = {f"{name}/{kind}": p.shape for name, p in params.items() for kind in self.kinds}
        if {name: slot.shape for name, slot in slots.items()} != expected:
            raise ValueError(f"the state of its optimiser does not fit {type(self).__name__}")
        self.slots = dict(slots)

    @abstractmethod
    def update(self, param: Array, grad: Array, *slots: Array) -> None:
        """Update some rows of a parameter in place.

        Parameters
        ----------
        param : ndarray, (R, ...)
            Rows of the parameter.
        grad : ndarray, (R, ...)
            Their gradient, which may be overwritten.
        *slots : ndarray, (R, ...)
            Their state arrays, in the order of `kinds`, updated in place.
        """


class SGD(Optimiser):
    """Stochastic gradient descent, optionally with momentum.

    Parameters
    ----------
    learning_rate : float
        Step size.
    momentum : float
        Decay factor of the velocity, 0 (plain gradient descent) to below 1.
    nesterov : bool
        Whether to use Nesterov's momentum, in the form of Sutskever et al., 2013.
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
        """Follow the gradient, or the velocity if there is momentum; see `Optimiser.update`."""
        direction = grad
        for velocity in slots:
            velocity *= self.momentum
            velocity += grad
            direction = grad + self.momentum * velocity if self.nesterov else velocity
        param -= self.learning_rate * direction


class Adam(Optimiser):
    """Adam: steps scaled by running means of the gradient and of its square.

    Parameters
    ----------
    learning_rate : float
        Step size.
    betas : (float, float)
        Decay factors of the two running means.
    epsilon : float
        Added to the denominator, so that nothing is divided by zero.

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
        """Apply Adam's rule; see `Optimiser.update`.

        The state arrays are weighted sums, without the factors 1 - beta of the means, which
        are part of the step size instead.
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
    """Adam with decoupled weight decay.

    Parameters
    ----------
    learning_rate, betas, epsilon
        As for `Adam`.
    weight_decay : float
        Share of each weight that a step of learning rate 1 would remove. Biases,
        scales and shifts (one-dimensional parameters) do not decay.

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
        """Let weights decay, then apply Adam's rule; see `Optimiser.update`."""
        if param.ndim > 1:
            param *= 1 - self.learning_rate * self.weight_decay
        super().update(param, grad, *slots)
