"""Compares this library with others on the reference network, in one process, in turn.

    make bench

Every round runs each side, in another order, once to get warm and once for its time; the
medians of the rounds and their ratios are printed.
Two threads each, float32 (the original's way of doing it: float64), Adam.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from threadpoolctl import threadpool_info
from torch import nn

import cnn
from benchmarks.original import OriginalNetwork
from cnn.training.optimisers import Adam

THREADS = 2
PAUSE = 0.2  # seconds: the waiting threads of one side must not take the cores from the next
FORMATS = {
    "PyTorch eager": torch.contiguous_format,
    "PyTorch channels last": torch.channels_last,
}
Run = Callable[[], object]
Reader = Callable[[np.ndarray], Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", metavar="TITLE", default="", help="only what begins like this")
    parser.add_argument("--without", metavar="SIDE", help="a side to leave out")
    options = parser.parse_args()
    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    kernels = {
        library["architecture"] for library in threadpool_info() if "architecture" in library
    }
    print(
        f"{os.cpu_count()} cores, NumPy {np.__version__} with BLAS kernels for "
        f"{', '.join(sorted(kernels))}, PyTorch {torch.__version__}, "
        f"ONNX Runtime {onnxruntime.__version__}"
    )
    rounds = options.rounds
    kinds: dict[str, tuple[Callable[[], dict[str, Run]], int, int, float]] = {
        "one image (µs each)": (one_image, 4 * rounds, 200, 1e6),
        "inference, batches (images a second)": (batches, rounds, 1024, 0),
    }
    for size in (32, 128):
        title = f"training step, batch {size} (images a second)"
        kinds[title] = partial(training, size), rounds, 512, 0
    for title, (make, times, per, unit) in kinds.items():
        if title.startswith(options.only):
            sides = {name: run for name, run in make().items() if name != options.without}
            compare(title, sides, times, per=per, unit=unit)


def compare(title: str, sides: dict[str, Run], rounds: int, *, per: int, unit: float = 0) -> None:
    """Run all sides in turn and print medians; `per` is how many images a run takes."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    draw = random.Random(0).sample
    for _ in range(rounds):
        for name, run in draw(list(sides.items()), len(sides)):
            time.sleep(PAUSE)
            run()  # what the side before has left in the caches is nobody's gain or loss
            begin = time.perf_counter()
            run()
            times[name].append((time.perf_counter() - begin) / per)
    ours = statistics.median(times["this library"])
    print(f"\n{title}")
    for name, seconds in times.items():
        median = statistics.median(seconds)
        figure = median * unit if unit else 1 / median
        print(f"  {name:<28}{figure:>9.0f}   this library is {median / ours:.2f} times as fast")


def one_image() -> dict[str, Run]:
    x = np.random.default_rng(0).random((1, 1, 28, 28), np.float32)
    check(readers(), x)

    def again(run: Reader) -> Run:
        return lambda: [run(x) for _ in range(200)]

    return {name: again(run) for name, run in readers().items()}


def check(sides: dict[str, Reader], x: np.ndarray) -> None:
    """Make sure that all sides compute the same; PyTorch stops before the softmax."""
    expected = sides["this library"](x)
    for name, run in sides.items():
        answer = np.asarray(run(x)[0] if name == "ONNX Runtime" else run(x))
        if name.startswith("PyTorch"):
            answer = np.exp(answer) / np.exp(answer).sum(axis=1, keepdims=True)
        np.testing.assert_allclose(answer, expected, atol=1e-5, err_msg=name)


def batches() -> dict[str, Run]:
    x = np.random.default_rng(0).random((1024, 1, 28, 28), np.float32)

    def in_parts(run: Reader, size: int) -> Run:
        return lambda: [run(x[start : start + size]) for start in range(0, len(x), size)]

    best = {"this library": 1024, "the original's way": 64}
    return {name: in_parts(run, best.get(name, 64)) for name, run in readers().items()}


def readers() -> dict[str, Reader]:
    """Return each side's prediction, all with the same weights."""
    network = cnn.zoo.reference_digits()
    eager = torch_network(network).eval()
    last = eager.to(memory_format=torch.channels_last)
    example = torch.zeros(1, 1, 28, 28)
    with torch.inference_mode():
        frozen = torch.jit.freeze(torch.jit.trace(eager, example))
    session = onnx_session(network)
    original = OriginalNetwork(network)

    def by(module: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[np.ndarray], object]:
        def run(x: np.ndarray) -> object:
            with torch.inference_mode():
                return module(torch.from_numpy(x))

        return run

    return {
        "this library": network.predict,
        "PyTorch eager": by(eager),
        "PyTorch channels last": by(last),
        "PyTorch frozen TorchScript": by(frozen),
        "ONNX Runtime": lambda x: session.run(None, {"x": x}),
        "the original's way": original.predict,
    }


def training(size: int) -> dict[str, Run]:
    rng = np.random.default_rng(0)
    x, y = rng.random((512, 1, 28, 28), np.float32), rng.integers(0, 10, 512)
    network = cnn.zoo.reference_digits()
    trainer = cnn.Trainer(network, optimiser=Adam(1e-3), batch_size=size, workers=THREADS)
    original = OriginalNetwork(cnn.zoo.reference_digits())

    return {
        "this library": lambda: trainer.fit(x, y, epochs=1),
        **{name: torch_training(name, x, y, size) for name in FORMATS},
        "the original's way": lambda: original.train(x, y, size),
    }


def torch_training(name: str, x: np.ndarray, y: np.ndarray, size: int) -> Run:
    """Return an epoch of PyTorch's."""
    torch.set_num_threads(THREADS)
    form = FORMATS[name]
    module = torch_network(cnn.zoo.reference_digits()).to(memory_format=form)
    optimiser, loss = torch.optim.Adam(module.parameters(), 1e-3), nn.CrossEntropyLoss()
    images = torch.from_numpy(x).contiguous(memory_format=form)
    labels = torch.from_numpy(y)

    def run() -> None:
        for start in range(0, len(x), size):
            optimiser.zero_grad()
            scores = module(images[start : start + size])
            loss(scores, labels[start : start + size]).backward()
            optimiser.step()

    return run


def torch_network(network: cnn.Sequential) -> nn.Sequential:
    """Return the reference network in PyTorch, with the same weights, without softmax."""
    module = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.Flatten(),
        nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10),
    )  # fmt: skip
    for place, layer in enumerate(module):
        if isinstance(layer, nn.Conv2d | nn.Linear):
            weight, bias = weights(network, place)
            layer.weight.data = torch.from_numpy(weight)
            layer.bias.data = torch.from_numpy(bias)
    return module


def weights(network: cnn.Sequential, place: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a layer's weight and bias in the order that the others use: channels first."""
    params = network.layers[place].params
    weight = params["weight"]
    if weight.ndim == 4:
        weight = weight.transpose(3, 2, 0, 1)
    elif len(weight) == 3136:
        weight = weight.reshape(7, 7, 64, 128).transpose(3, 2, 0, 1).reshape(128, 3136)
    else:
        weight = weight.T
    return np.ascontiguousarray(weight), params["bias"].copy()


def onnx_session(network: cnn.Sequential) -> onnxruntime.InferenceSession:
    nodes, tensors, last = [], [], "x"
    for place, layer in enumerate(network.layers):
        kind = type(layer).__name__
        out, inputs = f"y{place}", [last]
        if layer.params:
            for name, array in zip(("w", "b"), weights(network, place), strict=True):
                tensors.append(numpy_helper.from_array(array, f"{name}{place}"))
                inputs.append(f"{name}{place}")
        names = {"Conv2D": "Conv", "ReLU": "Relu", "MaxPool2D": "MaxPool", "Dense": "Gemm"}
        attributes: dict[str, dict[str, Any]] = {
            "Conv2D": {"pads": [1, 1, 1, 1]},
            "MaxPool2D": {"kernel_shape": [2, 2], "strides": [2, 2]},
            "Dense": {"transB": 1},
            "Softmax": {"axis": 1},
        }
        given = attributes.get(kind, {})
        nodes.append(helper.make_node(names.get(kind, kind), inputs, [out], **given))
        last = out
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 1, 28, 28])
    y = helper.make_tensor_value_info(last, TensorProto.FLOAT, ["n", 10])
    graph = helper.make_graph(nodes, "reference", [x], [y], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        onnx.save(model, file.name)
        return onnxruntime.InferenceSession(file.name, options, ["CPUExecutionProvider"])


if __name__ == "__main__":
    main()
