"""Generators of a folder's pictures that have learned nothing, for tests of the site."""

from __future__ import annotations

from pathlib import Path

from cnn.models.adversaries import dcgan, vae_gan
from cnn.models.generator import Generator, save_generator

__all__ = ["save_maker"]


def save_maker(
    path: Path,
    name: str,
    classes: tuple[str, ...] = ("faces",),
    *,
    takes_like: bool = True,
    seed: int = 0,
) -> Path:
    """Write a generator of 16×16 pictures in colour, and return its file."""
    shape, count = (3, 16, 16), len(classes)
    build = vae_gan if takes_like else dcgan
    networks = build(shape=shape, classes=count, code=4, seed=seed)
    generator = Generator(
        networks.generator,
        encoder=networks.encoder,
        classes=classes,
        normalisation="picture",
        metadata={"name": name, "trained_on": f"60 pictures of {', '.join(classes)}"},
    )
    save_generator(generator, path, half=True)
    return path
