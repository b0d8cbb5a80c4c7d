"""Compiling: the program that a scalar graph is, as Python, as matrices, and as JavaScript.

python -m demos.compiling
"""

import json
import random
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from autograd import Program, Value, compile, dot, formula, tanh
from demos.claim import claim
from demos.data import make_moons
from demos.extras import imports_from
from demos.output_folder import output_path, say, shown
from demos.running import run_demo, try_next
from nn import MLP, hinge_loss

with imports_from("demos"):
    import numpy as np

ROUNDS = 15
Columns = Sequence[Sequence[float]]


def main() -> None:
    neuron()
    loss, program = network()
    race(loss, program)
    try_next(
        "print(program.source) of a graph of your own",
        "ROUNDS = 3 beside a busy machine: which of the ratios stay?",
    )


def neuron() -> None:
    """Show a graph of a few nodes as a program of a few lines, in two languages."""
    w = [Value(-3.0, label="w1"), Value(1.0, label="w2")]
    x = [Value(2.0, label="x1"), Value(0.0, label="x2")]
    output = tanh(dot(w, x, Value(6.88, label="b")))
    say(f"A neuron: {formula(output)}. Its graph is a program already; here it is as Python:\n")
    program = compile(output, inputs=x, backend="python")
    say(indented(function("run", program.source)))
    say("Forward, then backward: a line is a node, or the gradient of one. The same for a page:\n")
    say(indented(function("run", program.javascript)))


def network() -> tuple[Value, Program]:
    """Show the loss of a network as the matrix code that a person would have written."""
    model = MLP(2, [16, 16, 1])
    x, y = [Value(0.5, label="x1"), Value(0.5, label="x2")], Value(1.0, label="y")
    loss = hinge_loss([model(x)], [y])
    program = compile(loss, inputs=[*x, y], parameters=model.parameters(), backend="numpy")
    say("A network, 2-16-16-1 with the hinge loss. Pass by pass, the compiler leaves:\n")
    say(indented(str(program)))
    say("\nA sum over rows of u·x is an outer product, so most of the backward pass needs no step;")
    say("what does the same at the same depth is one statement. The matrices are found again:\n")
    text = function("program", program.source)
    say(indented(text))
    claim("the program of the network has at most 20 lines", len(text.splitlines()) <= 20)
    path = output_path("compiling_network.txt")
    path.write_text(program.source, encoding="utf-8")
    say(f"All of it, and it runs without this package: {shown(path)}\n")
    return loss, program


def race(loss: Value, program: Program) -> None:
    """Time a step of 100 rows, and of 100,000, in each way, in turn."""
    parameters = program.parameters
    numbers = [float(parameter.data) for parameter in parameters]
    points, classes = make_moons()
    columns = [*zip(*points, strict=True), [float(c) for c in classes]]
    plain = compile(loss, inputs=program.inputs, parameters=parameters, backend="python")
    by_hand = hand_written(numbers)
    few, many = np.array(columns), np.tile(np.array(columns), 1000)
    flat = np.array(numbers)
    found, expected = program.run(flat, few), plain.run(numbers, columns)
    error = max(abs(a - b) for a, b in zip(found[1], expected[1], strict=True))
    claim("matrices and scalars give the same gradients, to 1e-12", error < 1e-12)
    claim("so do those written by hand", float(np.abs(by_hand(few)[1] - found[1]).max()) < 1e-12)
    seconds = timed(
        {
            "graphs of Values": lambda: graph_by_graph(parameters, columns),
            "Python, a line a node": lambda: plain.run(numbers, columns),
            "NumPy, found": lambda: program.run(flat, few),
            "NumPy, by hand": lambda: by_hand(few),
            "NumPy, found, 100,000 rows": lambda: program.run(flat, many),
            "NumPy, by hand, 100,000 rows": lambda: by_hand(many),
        }
    )
    if node := shutil.which("node") or shutil.which("nodejs"):
        seconds["JavaScript, in node"] = seconds_in(node, plain, numbers, columns)
    else:
        say("\nJavaScript is not timed: node is not installed here.")
    say("\nForward and backward, medians; those in Python take turns:\n")
    slowest = seconds["graphs of Values"]
    for name, median in seconds.items():
        ratio = "" if "100,000" in name else f"{slowest / median:>9,.0f} ×"
        say(f"    {name:30}{median * 1e6:>12,.0f} µs{ratio}")
    few_hand = seconds["NumPy, found"] / seconds["NumPy, by hand"]
    many_hand = seconds["NumPy, by hand, 100,000 rows"] / seconds["NumPy, found, 100,000 rows"]
    say(f"\nAt 100 rows what was found takes {few_hand:.2f} times what is by hand; at 100,000")
    say(
        f"rows it is {many_hand:.1f} times as fast, since it runs in blocks that stay in the cache."
    )
    faster = slowest / seconds["Python, a line a node"]
    claim("compiled Python is at least 10 times as fast as the graphs", faster >= 10)


def graph_by_graph(parameters: Sequence[Value], columns: Columns) -> None:
    """Do a step as a lesson does it: build the graph of every row, and walk it backward."""
    model = MLP(2, [16, 16, 1])
    for mine, its in zip(parameters, model.parameters(), strict=True):
        its.data = mine.data
    *x, y = columns
    hinge_loss(model.batch(list(zip(*x, strict=True))), y).backward()


def hand_written(numbers: Sequence[float]) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Return the step as a person writes it in NumPy, rows last."""
    layers, start = [], 0
    for n, m in ((2, 16), (16, 16), (16, 1)):
        weights = np.array(numbers[start : start + m * (n + 1)]).reshape(m, n + 1)
        layers.append((weights[:, :n].copy(), weights[:, n].copy()))
        start += m * (n + 1)

    def step(columns: np.ndarray) -> tuple[float, np.ndarray]:
        hidden, y = [columns[:2]], columns[2:]
        for w, b in layers:
            z = w @ hidden[-1] + b[:, None]
            hidden.append(np.maximum(z, 0) if w.shape[0] > 1 else z)
        margin = 1 - y * hidden[-1]
        d = (margin > 0) * -y / columns.shape[1]
        parts = []
        for (w, _), h in zip(reversed(layers), reversed(hidden[:-1]), strict=True):
            parts.append(np.concatenate([d @ h.T, d.sum(1)[:, None]], 1).ravel())
            if h is not hidden[0]:
                d = (w.T @ d) * (h > 0)
        return float(np.maximum(margin, 0).mean()), np.concatenate(parts[::-1])

    return step


def timed(steps: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median seconds of each step; they take turns, in another order each round."""
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name in random.sample(list(steps), len(steps)):
            start = time.perf_counter()
            steps[name]()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in seconds.items()}


def seconds_in(node: str, program: Program, numbers: Sequence[float], columns: Columns) -> float:
    """Return the median seconds of a step in JavaScript, once node has optimized it."""
    timing = f"""
        const numbers = {json.dumps(numbers)}, columns = {json.dumps(columns)}, times = [];
        for (let k = 0; k < 2000; k++) {{
          const start = performance.now();
          run(numbers, columns);
          times.push(performance.now() - start);
        }}
        const warm = times.slice(-1000).sort((a, b) => a - b);
        console.log(warm[500] / 1000);"""
    script = program.javascript + timing
    done = subprocess.run([node], input=script, capture_output=True, text=True, check=True)
    return float(done.stdout)


def function(name: str, source: str) -> str:
    """Return one function of a source, without the library above it and what comes below."""
    start = max(source.find(f"def {name}("), source.find(f"function {name}("))
    return source[start:].split("\n\n\n")[0].rstrip()


def indented(text: str) -> str:
    return "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())


if __name__ == "__main__":
    run_demo(main)
