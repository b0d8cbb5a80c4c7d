"""The race: the moons step on micrograd and on this engine, side by side.

    python -m demos.race                  (needs: python -m pip install -e ".[race]")

Every engine runs in a process of its own; the parent asks them for one step each, in turn, so that
a machine whose speed drifts slows them all alike. A step is forward + backward over 100 samples of
a 2-16-16-1 network with hinge loss and L2; the graph is dropped after the clock stops. The compiled
steps run on flat numbers, as in training: compiled before, and one after another.
"""

import argparse
import gc
import importlib
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from autograd.system import start_group
from demos.data import make_moons
from demos.extras import imports_from
from demos.running import run_demo

ENGINES = {
    "micrograd": "micrograd 0.1.0, its own nn",
    "elementary": "chalkgrad, the same code: * and + only",
    "fused": "chalkgrad, nn: one dot a neuron",
    "python": "chalkgrad, compiled to Python",
    "numpy": "chalkgrad, compiled to NumPy",
}
SIZES = (2, 16, 16, 1)
L2 = 1e-4
SHORTEST = 0.02  # seconds of a measurement: one step of a graph, many of a program
REACH = {
    "elementary": {"on": 5.5, "off": 1.1},
    "fused": {"on": 33.0},
    "python": {"on": 300.0},
    "numpy": {"on": 10_000.0},
}

Weights = list[list[tuple[list[float], float]]]
Step = Callable[[], tuple[Any, Any]]  # loss and gradient, or the Values that hold them


def initial_weights() -> Weights:
    """Return the same weights for all engines: for each layer and neuron, weights and bias."""
    from nn import MLP

    model = MLP(SIZES[0], SIZES[1:])
    return [
        [([float(w.data) for w in neuron.w], float(neuron.b.data)) for neuron in layer.neurons]
        for layer in model.layers
    ]


def elementary_step(value: Any) -> Step:
    """Return the step in elementary arithmetic, on any micrograd-style ``value`` class."""
    layers = [
        [([value(w) for w in ws], value(b)) for ws, b in layer] for layer in initial_weights()
    ]
    parameters = [p for layer in layers for ws, b in layer for p in (*ws, b)]
    points, classes = make_moons()

    def score(x: list[Any]) -> Any:
        for k, layer in enumerate(layers):
            sums = [sum((w * xi for w, xi in zip(ws, x, strict=True)), b) for ws, b in layer]
            x = sums if k == len(layers) - 1 else [s.relu() for s in sums]
        return x[0]

    def step() -> tuple[Any, list[Any]]:
        for p in parameters:
            p.grad = 0.0
        scores = [score([value(x), value(y)]) for x, y in points]
        losses = [(1 + -c * s).relu() for c, s in zip(classes, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + L2 * sum(p * p for p in parameters)
        loss.backward()
        return loss, parameters

    return step


def fused_step() -> Step:
    """Return the step through our nn."""
    from autograd import Value, dot
    from nn import MLP, hinge_loss

    model = MLP(SIZES[0], SIZES[1:])
    parameters = model.parameters()
    points, classes = make_moons()

    def step() -> tuple[Any, list[Any]]:
        for p in parameters:
            p.grad = 0.0
        scores = [model([Value(x), Value(y)]) for x, y in points]
        loss = hinge_loss(scores, classes) + L2 * dot(parameters, parameters)
        loss.backward()
        return loss, parameters

    return step


def compiled_step(backend: str) -> Step:
    """Return the step as a program, compiled before the clock starts, on flat numbers."""
    from autograd import Value, compile, dot
    from nn import MLP, hinge_loss

    model = MLP(SIZES[0], SIZES[1:])
    parameters = model.parameters()
    x, y = [Value(0.5), Value(0.5)], Value(1.0)
    loss = hinge_loss([model(x)], [y]) + L2 * dot(parameters, parameters)
    program = compile(loss, inputs=[*x, y], parameters=parameters, backend=backend)
    points, classes = make_moons()
    columns: Any = [*zip(*points, strict=True), tuple(map(float, classes))]
    numbers: Any = [float(parameter.data) for parameter in parameters]
    if backend == "numpy":
        with imports_from("race"):
            import numpy as np

        columns, numbers = np.array(columns), np.array(numbers)
    return lambda: program.run(numbers, columns)


def numbers_of(loss: Any, gradient: Any) -> tuple[float, list[float]]:
    """Return loss and gradient as numbers; graphs leave them in Values."""
    if isinstance(loss, float):
        return loss, list(map(float, gradient))
    return loss.data, [parameter.grad for parameter in gradient]


def step_of(engine: str) -> Step:
    if engine == "micrograd":
        with imports_from("race"):
            from micrograd.engine import Value as MicrogradValue

        return elementary_step(MicrogradValue)
    if engine == "elementary":
        from autograd import Value

        return elementary_step(Value)
    return fused_step() if engine == "fused" else compiled_step(engine)


def work(engine: str) -> None:
    """Answer each line on stdin: ``step`` with its seconds, ``result``, ``collector off``."""
    step = step_of(engine)
    for line in sys.stdin:
        match line.strip():
            case "collector off":
                gc.disable()
                print(json.dumps("off"), flush=True)
            case "result":
                print(json.dumps(numbers_of(*step())), flush=True)
            case _:
                start, steps, seconds = time.perf_counter(), 0, 0.0
                while seconds < SHORTEST:
                    graph = step()
                    seconds = time.perf_counter() - start
                    steps += 1
                del graph
                if not gc.isenabled():
                    gc.collect()  # micrograd's graphs are cycles: without this they pile up
                print(json.dumps(seconds / steps), flush=True)


def race(rounds: int) -> bool:
    """Run the race and print its table; return whether losses and gradients agree."""
    workers = {
        engine: start_group(  # out of reach of Ctrl-C: they end with the parent's questions
            [sys.executable, "-m", "demos.race", "--worker", engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for engine in ENGINES
    }

    def ask(engine: str, question: str) -> Any:
        worker = workers[engine]
        assert worker.stdin is not None
        assert worker.stdout is not None
        print(question, file=worker.stdin, flush=True)
        return json.loads(worker.stdout.readline())

    try:
        agree = _agree({engine: ask(engine, "result") for engine in ENGINES})
        for collector in ("on", "off"):
            if collector == "off":
                for engine in ENGINES:
                    ask(engine, "collector off")
            times: dict[str, list[float]] = {engine: [] for engine in ENGINES}
            for _ in range(rounds):
                for engine in ENGINES:
                    times[engine].append(ask(engine, "step"))
            _print_table(collector, times)
    finally:
        for worker in workers.values():
            worker.communicate()
    return agree


def _agree(results: dict[str, Any]) -> bool:
    loss, gradients = results["micrograd"]
    differences = [
        max(abs(loss - other[0]), *(abs(g - h) for g, h in zip(gradients, other[1], strict=True)))
        for other in results.values()
    ]
    print(
        f"loss {loss:.6f}; loss and {len(gradients)} gradients differ by at most "
        f"{max(differences):.1e} between the engines"
    )
    return bool(max(differences) < 1e-9)


def _print_table(collector: str, times: dict[str, list[float]]) -> None:
    print(f"\ncollector {collector}:   median of {len(times['micrograd'])} steps, taken in turn")
    for engine, description in ENGINES.items():
        median = statistics.median(times[engine])
        ratio = statistics.median(
            theirs / ours for theirs, ours in zip(times["micrograd"], times[engine], strict=True)
        )
        reach = REACH.get(engine, {}).get(collector)
        goal = f"   (goal: {reach}x)" if reach else ""
        print(f"    {description:40} {median * 1e3:9.2f} ms  {ratio:9.2f}x{goal}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Time the moons step on each engine.")
    parser.add_argument("--rounds", type=int, default=21, help="steps of each engine (21)")
    parser.add_argument("--worker", choices=list(ENGINES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options.worker)
        return 0
    with imports_from("race"):  # now, and not in the middle of a race
        importlib.import_module("micrograd.engine")
    print(f"Python {platform.python_version()} on {platform.machine()}, {options.rounds} rounds")
    return 0 if race(options.rounds) else 1


if __name__ == "__main__":
    run_demo(main, has_options=True)
