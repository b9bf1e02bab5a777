"""A step of a generator and its discriminator in PyTorch, on the same networks."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional

from benchmarks.twins import make_twin
from cnn.models.adversaries import ADVERSARIES, Adversaries
from cnn.recipes.generator import DIGIT_GENERATORS, GeneratorRecipe
from cnn.training.adversarial_plan import Objective

__all__ = ["make_torch_side", "set_threads"]


def set_threads(count: int) -> None:
    torch.set_num_threads(count)


def make_torch_side(
    name: str, *, batch: int, steps: int, channels_last: bool, clock: Callable[[], float]
) -> Callable[[], float]:
    """Return what gives the seconds of a step by a clock, the mean of `steps`."""
    recipe = DIGIT_GENERATORS[name]
    torch.manual_seed(0)
    twin = _Twin(ADVERSARIES[name](code=recipe.code), recipe, channels_last)
    pictures = torch.rand(batch, 1, 28, 28)
    if channels_last:
        pictures = pictures.contiguous(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (batch,))
    twin.step(pictures, labels, penalised=True)  # to get warm

    def run() -> float:
        twin.step(pictures, labels, penalised=False)
        begin = clock()
        for number in range(steps):
            twin.step(pictures, labels, penalised=number == 0)
        return (clock() - begin) / steps

    return run


class _Twin:
    """The networks as modules, with their optimisers and averaged weights."""

    def __init__(self, networks: Adversaries, recipe: GeneratorRecipe, channels_last: bool) -> None:
        self._code, self._classes = networks.code, networks.classes
        self._objective: Objective = recipe.objective
        form = torch.channels_last if channels_last else torch.contiguous_format
        self._generator = make_twin(networks.generator, depth=-1).to(memory_format=form)
        self._discriminator = make_twin(networks.discriminator).to(memory_format=form)
        self._encoder: nn.Module | None = None
        making = list(self._generator.parameters())
        if networks.encoder is not None:
            self._encoder = make_twin(networks.encoder).to(memory_format=form)
            making += list(self._encoder.parameters())
        judging = list(self._discriminator.parameters())
        self._making, self._averages = making, [each.detach().clone() for each in making]
        self._optimiser = torch.optim.Adam(making, recipe.rate, recipe.betas)
        self._judging = torch.optim.Adam(judging, recipe.discriminator_rate, recipe.betas)

    def step(self, pictures: torch.Tensor, labels: torch.Tensor, *, penalised: bool) -> None:
        objective = self._objective
        rows = functional.one_hot(labels, self._classes).float()
        codes, half, moments = torch.randn(len(labels), self._code), len(labels) // 2, None
        if self._encoder is not None:
            moments = self._encoder(torch.cat([pictures[:half].flatten(1), rows[:half]], 1))
            mean, logarithm = moments.chunk(2, 1)
            own = mean + torch.exp(logarithm / 2) * torch.randn_like(mean)
            codes = torch.cat([own, codes[half:]])
        logits = self._generator(torch.cat([codes, rows], 1))
        made = torch.sigmoid(logits)
        self._judge(pictures, labels, made.detach(), penalised)
        self._discriminator.requires_grad_(False)
        scores = _own(self._discriminator(made), labels)
        loss = objective.adversarial * functional.softplus(-scores).mean()
        if moments is not None:
            difference = functional.binary_cross_entropy_with_logits(
                logits[:half], pictures[:half], reduction="sum"
            )
            divergence = 0.5 * (logarithm.exp() + mean**2 - 1 - logarithm).sum()
            both = objective.reconstruction * difference + objective.divergence * divergence
            loss = loss + both / half
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        self._discriminator.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(self._averages, self._making, 0.001)

    def _judge(
        self,
        pictures: torch.Tensor,
        labels: torch.Tensor,
        made: torch.Tensor,
        penalised: bool,
    ) -> None:
        scores = self._discriminator(torch.cat([pictures, made]))
        real = _own(scores[: len(labels)], labels)
        others = _own(scores[len(labels) :], labels)
        loss = functional.softplus(-real).mean() + functional.softplus(others).mean()
        if penalised and self._objective.penalty:
            x = pictures.detach().requires_grad_()
            own = _own(self._discriminator(x), labels).sum()
            [slope] = torch.autograd.grad(own, x, create_graph=True)
            factor = self._objective.penalty * self._objective.penalty_every / 2
            loss = loss + factor * slope.square().sum((1, 2, 3)).mean()
        self._judging.zero_grad()
        loss.backward()
        self._judging.step()


def _own(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return scores.gather(1, labels[:, None])
