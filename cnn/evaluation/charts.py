"""Charts as Pillow images, drawn at twice their size and reduced, which antialiases them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

__all__ = ["adversarial_curves", "confusion_matrix_chart", "learning_curves"]

_SCALE = 2
_INK, _MUTED, _RULE, _EMPTY, _PAPER = "#1f2937", "#6b7280", "#e5e7eb", "#f6f7f9", "#ffffff"
_TRAINING, _VALIDATION, _RATE = "#2563eb", "#ea580c", "#c7cdd6"
# Red, green and blue of the palest cell and of the deepest.
_BLUES = ((222, 16), (235, 62), (252, 142))
_PANEL_WIDTH, _PANEL_HEIGHT = 560, 350
_LEFT, _TOP, _RIGHT, _BOTTOM = 58, 62, 18, 46


class _Canvas:
    """A white canvas with the coordinates of the finished, reduced image."""

    def __init__(self, width: float, height: float) -> None:
        self._size = (math.ceil(width), math.ceil(height))
        self._image = Image.new("RGB", (self._size[0] * _SCALE, self._size[1] * _SCALE), _PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 1.0) -> None:
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * _SCALE), joint="curve")

    def dot(self, x: float, y: float, radius: float, colour: str, fill: str | None = None) -> None:
        centre = (x * _SCALE, y * _SCALE)
        self._draw.circle(centre, radius * _SCALE, fill or colour, colour, round(1.5 * _SCALE))

    def box(self, x: float, y: float, width: float, height: float, fill: Any) -> None:
        corners = [x * _SCALE, y * _SCALE, (x + width) * _SCALE - 1, (y + height) * _SCALE - 1]
        self._draw.rectangle(corners, fill=fill)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 13,
        colour: str = _INK,
        anchor: str = "lm",
    ) -> None:
        font = ImageFont.load_default(size * _SCALE)
        self._draw.text((x * _SCALE, y * _SCALE), text, fill=colour, font=font, anchor=anchor)

    def upright(self, x: float, y: float, text: str, *, colour: str = _INK) -> None:
        """Write vertically from the bottom up, from y, centred on x."""
        font = ImageFont.load_default(13 * _SCALE)
        strip = Image.new("L", (math.ceil(font.getlength(text)), 18 * _SCALE), 0)
        ImageDraw.Draw(strip).text((0, 9 * _SCALE), text, fill=255, font=font, anchor="lm")
        strip = strip.transpose(Image.Transpose.ROTATE_90)
        corner = (round((x - 9) * _SCALE), round(y * _SCALE) - strip.height)
        self._image.paste(colour, corner, strip)

    def finish(self) -> Image.Image:
        return self._image.resize(self._size, Image.Resampling.LANCZOS)


@dataclass(frozen=True)
class _Panel:
    """One set of axes: its place on the canvas and its scales."""

    canvas: _Canvas
    left: float
    ticks: Sequence[float]
    epochs: int

    @property
    def right(self) -> float:
        return self.left + _PANEL_WIDTH - _LEFT - _RIGHT

    def x(self, epoch: float) -> float:
        # A single epoch stands in the middle.
        part = 0.5 if self.epochs == 1 else (epoch - 1) / (self.epochs - 1)
        return self.left + 10 + part * (self.right - self.left - 20)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        height = _PANEL_HEIGHT - _TOP - _BOTTOM
        return _TOP + (high - value) / (high - low) * height


def learning_curves(history: Mapping[str, Sequence[float]]) -> Image.Image:
    """Draw loss and accuracy over the epochs.

    Parameters
    ----------
    history : mapping of str to sequence of float
        Values epoch by epoch under "loss", "val_loss", "accuracy", "val_accuracy" (0 to 1) and
        "learning_rate", each of which may be absent. Values that are not finite leave a gap.
        The learning rate is drawn pale behind the loss, as a share of its peak.

    Returns
    -------
    PIL.Image.Image
        RGB, 1120 × 350: the loss on the left, the accuracy on the right. A ring marks the best
        epoch of each validation curve.

    Raises
    ------
    ValueError
        There is neither a finite loss nor a finite accuracy.
    """
    series = {name: np.asarray(values, dtype=np.float64) for name, values in history.items()}
    curves = ("loss", "val_loss", "accuracy", "val_accuracy")
    if not any(np.isfinite(series[name]).any() for name in curves if name in series):
        raise ValueError(f"expected values of a loss or an accuracy, got the keys {sorted(series)}")
    epochs = max(len(values) for values in series.values())
    canvas = _Canvas(2 * _PANEL_WIDTH, _PANEL_HEIGHT)
    for column, (metric, title) in enumerate((("loss", "Loss"), ("accuracy", "Accuracy"))):
        shown = {name: series[name] for name in (metric, f"val_{metric}") if name in series}
        panel = _axes(canvas, column, list(shown.values()), epochs=epochs, title=title)
        pale = _draw_rate(panel, series.get("learning_rate", np.array([]))) if column == 0 else []
        _draw_legend(panel, [_draw_curve(panel, *curve) for curve in shown.items()] + pale)
    return canvas.finish()


def adversarial_curves(history: Mapping[str, Sequence[float]]) -> Image.Image:
    """Draw the losses of a generator and its discriminator, and who deceives whom.

    Parameters
    ----------
    history : mapping of str to sequence of float
        `cnn.training.adversarial.AdversarialTrainer.history`. Values that are not finite leave a
        gap.

    Returns
    -------
    PIL.Image.Image
        RGB, 1120 × 350: on the left both losses, on the right the shares of real and of made
        pictures that the discriminator tells right; half each means that it has to guess.

    Raises
    ------
    KeyError
        A curve is missing.
    """
    panels = (
        ("Loss", (("adversarial", "generator"), ("discriminator_loss", "discriminator"))),
        ("Told right", (("real_right", "real pictures"), ("made_right", "made pictures"))),
    )
    canvas = _Canvas(2 * _PANEL_WIDTH, _PANEL_HEIGHT)
    for column, (title, curves) in enumerate(panels):
        shown = [np.asarray(history[name], dtype=np.float64) for name, _ in curves]
        panel = _axes(canvas, column, shown, epochs=max(map(len, shown)), title=title)
        entries = []
        colours = (_VALIDATION, _TRAINING)
        for values, colour, (_, text) in zip(shown, colours, curves, strict=True):
            _draw_runs(panel, values, colour, 2)
            entries.append((colour, text))
        _draw_legend(panel, entries)
    return canvas.finish()


def _round_ticks(low: float, high: float, *, count: int = 5) -> list[float]:
    """Return round numbers, at least two and about `count`, that enclose a range."""
    if high <= low:
        high = low + (abs(low) * 0.1 or 1.0)
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, max(last, first + 1) + 1)]


def _axes(
    canvas: _Canvas, column: int, shown: Sequence[NDArray[np.float64]], *, epochs: int, title: str
) -> _Panel:
    ticks = _value_ticks(shown, percent=column == 1)
    panel = _Panel(canvas, column * _PANEL_WIDTH + _LEFT, ticks, epochs)
    canvas.text(panel.left, 22, title, size=16)
    for tick in ticks:
        canvas.line([(panel.left, panel.y(tick)), (panel.right, panel.y(tick))], _RULE)
        label = _tick_label(tick, ticks, percent=column == 1)
        canvas.text(panel.left - 8, panel.y(tick), label, size=12, colour=_MUTED, anchor="rm")
    foot = _PANEL_HEIGHT - _BOTTOM
    for epoch in _epoch_ticks(epochs):
        canvas.line([(panel.x(epoch), foot), (panel.x(epoch), foot + 4)], _MUTED)
        canvas.text(panel.x(epoch), foot + 14, str(epoch), size=12, colour=_MUTED, anchor="mm")
    middle = panel.x((1 + epochs) / 2)
    canvas.text(middle, foot + 33, "epoch", size=12, colour=_MUTED, anchor="mm")
    canvas.line([(panel.left, foot), (panel.right, foot)], _MUTED)
    if not shown:
        canvas.text(middle, (_TOP + foot) / 2, "not recorded", colour=_MUTED, anchor="mm")
    return panel


def _value_ticks(shown: Sequence[NDArray[np.float64]], *, percent: bool) -> list[float]:
    values = np.concatenate([*shown, np.array([])])
    values = values[np.isfinite(values)]
    if not len(values):
        return _round_ticks(0, 1)
    low, high = float(values.min()), float(values.max())
    # The axis of a loss begins at 0; accuracies are all close to 100 %.
    return _round_ticks(min(low, high - 0.01) if percent else min(low, 0.0), high)


def _tick_label(tick: float, ticks: Sequence[float], *, percent: bool) -> str:
    step = (ticks[1] - ticks[0]) * (100 if percent else 1)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    # A step such as 2.5 needs one more than its power of ten.
    decimals += not math.isclose(round(step, decimals), step)
    return _percent(tick, decimals) if percent else f"{tick:.{decimals}f}"


def _percent(share: float, decimals: int) -> str:
    return f"{share * 100:.{decimals}f} %"


def _epoch_ticks(epochs: int) -> list[int]:
    step = math.ceil(_round_ticks(0, epochs, count=8)[1])
    return sorted({1, *range(step, epochs + 1, step)})


def _draw_runs(panel: _Panel, values: NDArray[np.float64], colour: str, width: float) -> None:
    """Draw a line through the finite values, with gaps at the others."""
    finite = np.flatnonzero(np.isfinite(values))
    for run in np.split(finite, np.flatnonzero(np.diff(finite) > 1) + 1):
        points = [(panel.x(index + 1), panel.y(values[index])) for index in run]
        if len(points) > 1:
            panel.canvas.line(points, colour, width)
        elif points:
            panel.canvas.dot(*points[0], 2.5, colour)


def _draw_curve(panel: _Panel, name: str, values: NDArray[np.float64]) -> tuple[str, str]:
    """Draw one curve and return its entry in the legend: colour and text."""
    if not name.startswith("val_"):
        _draw_runs(panel, values, _TRAINING, 2)
        return _TRAINING, "training"
    _draw_runs(panel, values, _VALIDATION, 2)
    finite = np.flatnonzero(np.isfinite(values))
    if not len(finite):
        return _VALIDATION, "validation"
    percent = name == "val_accuracy"
    best = finite[(np.argmax if percent else np.argmin)(values[finite])]
    panel.canvas.dot(panel.x(best + 1), panel.y(values[best]), 4, _VALIDATION, _PAPER)
    value = _percent(values[best], 2) if percent else f"{values[best]:.3g}"
    return _VALIDATION, f"validation, best {value} in epoch {best + 1}"


def _draw_rate(panel: _Panel, rate: NDArray[np.float64]) -> list[tuple[str, str]]:
    peak = max(rate[np.isfinite(rate)], default=0.0)
    if peak <= 0:
        return []
    _draw_runs(panel, rate / peak * panel.ticks[-1], _RATE, 1.5)
    return [(_RATE, f"learning rate, peak {peak:.2g}")]


def _draw_legend(panel: _Panel, entries: Sequence[tuple[str, str]]) -> None:
    x = panel.left
    for colour, text in entries:
        panel.canvas.line([(x, 44), (x + 16, 44)], colour, 3)
        panel.canvas.text(x + 21, 44, text, size=11.5, colour=_MUTED)
        x += 21 + ImageFont.load_default(11.5).getlength(text) + 16


def confusion_matrix_chart(
    matrix: NDArray[np.integer[Any]], classes: Sequence[str], *, title: str | None = None
) -> Image.Image:
    """Draw a confusion matrix.

    Parameters
    ----------
    matrix : integer array (K, K)
        Counts: a row for each true class, a column for each predicted one.
    classes : sequence of K str
        Their names.
    title : str, optional
        By default the number of pictures and how many of them were classified correctly.

    Returns
    -------
    PIL.Image.Image
        RGB. A cell's blue is its share of the row, on a scale that shows single mistakes; at
        the right are the recall and the total of each true class, below the totals predicted.

    Raises
    ------
    ValueError
        The matrix is not square, is empty, or has another size than `classes`.
    """
    counts = np.asarray(matrix)
    size = len(classes)
    if counts.shape != (size, size) or size == 0 or not np.issubdtype(counts.dtype, np.integer):
        raise ValueError(
            f"matrix must be integers (K, K) for {size} classes, got {counts.dtype} {counts.shape}"
        )
    cell = 46 if size <= 12 else 34
    widest = max(ImageFont.load_default(13).getlength(name) for name in classes)
    upright = widest > cell - 6
    left, top = 52 + widest, 84 + (widest if upright else 16)
    grid = _Grid(_Canvas(left + size * cell + 136, top + size * cell + 44), left, top, cell)
    right, total = int(np.trace(counts)), int(counts.sum())
    share = f" ({_percent(right / total, 2)})" if total else ""
    grid.canvas.text(24, 30, title or f"{right:,} of {total:,} read right{share}", size=17)
    _label_classes(grid, classes, upright=upright)
    _fill_cells(grid, counts)
    _write_totals(grid, counts)
    return grid.canvas.finish()


@dataclass(frozen=True)
class _Grid:
    """The cells of a matrix: the corner of the first, and the width of each."""

    canvas: _Canvas
    left: float
    top: float
    cell: float


def _label_classes(grid: _Grid, classes: Sequence[str], *, upright: bool) -> None:
    canvas, middle = grid.canvas, len(classes) * grid.cell / 2
    canvas.text(grid.left + middle, 62, "predicted", colour=_MUTED, anchor="mm")
    canvas.upright(24, grid.top + middle + 13, "true", colour=_MUTED)
    for index, name in enumerate(classes):
        centre = (index + 0.5) * grid.cell
        canvas.text(grid.left - 9, grid.top + centre, name, anchor="rm")
        if upright:
            canvas.upright(grid.left + centre, grid.top - 8, name)
        else:
            canvas.text(grid.left + centre, grid.top - 13, name, anchor="mm")


def _fill_cells(grid: _Grid, counts: NDArray[np.integer[Any]]) -> None:
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    # The root stretches the small shares: one mistake in a thousand must be visible.
    for (row, column), depth in np.ndenumerate(np.sqrt(shares)):
        x, y = grid.left + column * grid.cell, grid.top + row * grid.cell
        blue = tuple(round(a + (b - a) * depth) for a, b in _BLUES)
        grid.canvas.box(x + 1, y + 1, grid.cell - 2, grid.cell - 2, blue if depth else _EMPTY)
        if depth:
            text = str(counts[row, column])
            fit = min(13.0, (grid.cell - 6) / (0.6 * len(text)))
            colour, half = (_PAPER if depth > 0.5 else _INK), grid.cell / 2
            grid.canvas.text(x + half, y + half, text, size=fit, colour=colour, anchor="mm")


def _write_totals(grid: _Grid, counts: NDArray[np.integer[Any]]) -> None:
    def write(x: float, y: float, text: str, anchor: str = "rm", colour: str = _MUTED) -> None:
        grid.canvas.text(x, y, text, size=12, colour=colour, anchor=anchor)

    edge, foot = grid.left + len(counts) * grid.cell, grid.top + len(counts) * grid.cell
    write(edge + 66, grid.top - 13, "recall")
    write(edge + 116, grid.top - 13, "total")
    write(grid.left - 9, foot + 18, "total")
    for index, (row, column) in enumerate(zip(counts.sum(axis=1), counts.sum(axis=0), strict=True)):
        centre = (index + 0.5) * grid.cell
        recall = _percent(counts[index, index] / row, 1) if row else "–"
        write(edge + 66, grid.top + centre, recall, colour=_INK)
        write(edge + 116, grid.top + centre, str(row))
        write(grid.left + centre, foot + 18, str(column), anchor="mm")
