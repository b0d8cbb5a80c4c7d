"""Learning to learn: weights from which one gradient step is enough for a task never seen.

Model-agnostic meta-learning (Finn, Abbeel and Levine, 2017), with its second derivatives.

python -m demos.maml
"""

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value, compile, dot, gradients, mean, tanh
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import Adam, mse_loss

HIDDEN = 10
STEPS = 600
BATCH = 2  # tasks a step
INNER_RATE = 0.2
SHOTS = [-2 + 4 * k / 5 for k in range(6)]  # the x of the six points that a task shows
GRID = [-2 + k / 5 for k in range(21)]
RATES = (0.05, 0.1, 0.2, 0.4)
Weights = list[Value]


def wave(phase: float, xs: Sequence[float]) -> list[float]:
    """A task is a sine of some phase."""
    return [math.sin(x + phase) for x in xs]


def first_weights(rng: random.Random) -> Weights:
    into_and_bias = [Value(rng.gauss(0, 1)) for _ in range(2 * HIDDEN)]
    out = [Value(rng.gauss(0, 1 / math.sqrt(HIDDEN))) for _ in range(HIDDEN)]
    return [*into_and_bias, *out, Value(0.0)]


def network(weights: Weights, x: Any) -> Value:
    """A 1-10-1 network as a function of its weights too: they may be results of a step."""
    into, bias = weights[:HIDDEN], weights[HIDDEN : 2 * HIDDEN]
    out, last = weights[2 * HIDDEN : -1], weights[-1]
    hidden = [tanh(dot([w], [x], b)) for w, b in zip(into, bias, strict=True)]
    output: Value = dot(out, hidden, last)
    return output


def loss_on(weights: Weights, xs: Sequence[Any], ys: Sequence[Any]) -> Value:
    loss: Value = mse_loss([network(weights, x) for x in xs], ys)
    return loss


def adapted(weights: Weights, shown: Sequence[Any]) -> Weights:
    """Return the weights after one step on the six points, each still a function of the first.

    With ``create_graph=True`` the gradient is a graph, so the step can be differentiated.
    """
    partials = gradients(loss_on(weights, SHOTS, shown), weights, create_graph=True)
    return [w - INNER_RATE * g for w, g in zip(weights, partials, strict=True)]


def task_loss(
    weights: Weights, learns_to_adapt: bool, backend: str
) -> Callable[[list[list[float]]], Any]:
    """Return a function that adds the gradient of the mean loss of tasks to ``grad``.

    A task is a row of numbers: the six heights that it shows, then the x and the heights of the
    points that measure the loss, which comes after one step on what was shown, or without any.
    """

    def loss_of(task: Sequence[Any]) -> Value:
        shown, xs, ys = (task[k : k + len(SHOTS)] for k in range(0, len(task), len(SHOTS)))
        return loss_on(adapted(weights, shown) if learns_to_adapt else weights, xs, ys)

    if backend == "eager":
        return lambda tasks: mean([loss_of(task) for task in tasks]).backward()
    row = [Value(1 + k / 10, label=f"task{k}") for k in range(3 * len(SHOTS))]
    loss = loss_of(row)
    inputs = row if learns_to_adapt else row[len(SHOTS) :]
    program = compile(loss, inputs=inputs, parameters=weights, backend=backend)
    return lambda tasks: program([*zip(*tasks, strict=True)][-len(inputs) :])


def train(learns_to_adapt: bool, seed: int = 0, backend: str = "eager") -> Weights:
    """Descend on the loss of many tasks: after one step on each, or without any."""
    rng = random.Random(seed)
    weights = first_weights(rng)
    optimizer = Adam(weights, lr=0.02)
    add_gradient = task_loss(weights, learns_to_adapt, backend)
    for _ in range(STEPS):
        phases = [rng.uniform(0, 2 * math.pi) for _ in range(BATCH)]
        points = [rng.uniform(-2, 2) for _ in SHOTS]
        optimizer.zero_grad()
        add_gradient([[*wave(p, SHOTS), *points, *wave(p, points)] for p in phases])
        optimizer.step()
    return weights


def stepped(weights: Weights, phase: float, rate: float) -> Weights:
    """Return the weights after one step, as bare numbers."""
    found = gradients(loss_on(weights, SHOTS, wave(phase, SHOTS)), weights)
    return [Value(w.data - rate * g) for w, g in zip(weights, found, strict=True)]


def curve(weights: Weights, rate: float, steps: int = 6, tasks: int = 6) -> list[float]:
    """Return the mean loss on new tasks before and after each of some steps."""
    rng = random.Random(1234)
    losses = [0.0] * (steps + 1)
    for _ in range(tasks):
        phase, current = rng.uniform(0, 2 * math.pi), weights
        for step in range(steps + 1):
            losses[step] += float(loss_on(current, GRID, wave(phase, GRID)).data) / tasks
            current = stepped(current, phase, rate)
    return losses


def at_best_rates(weights: Weights) -> tuple[list[float], float]:
    """Return the loss after each number of steps, each at the rate that suits it best, and
    which rate that is for one step.
    """
    curves = {rate: curve(weights, rate) for rate in RATES}
    one_step = min(RATES, key=lambda rate: curves[rate][1])
    return [min(losses) for losses in zip(*curves.values(), strict=True)], one_step


def plot(
    starts: dict[str, tuple[Weights, float]], curves: dict[str, list[list[float]]], seed: int
) -> None:
    figure, (task, losses) = new_figure(2, width=7.5, height=5.5)
    phase = 2.5  # for all networks about as hard as the mean
    task.plot(GRID, wave(phase, GRID), color="#111111", linewidth=2, label="a new task")
    task.plot(
        SHOTS, wave(phase, SHOTS), "o", color="#111111", markersize=11, label="its six points"
    )
    styles = ((BLUE, "-"), (ORANGE, "--"), (GREEN, ":"))
    for (name, (weights, rate)), (colour, line) in zip(starts.items(), styles, strict=True):
        style = {"color": colour, "linestyle": line}
        after = stepped(weights, phase, rate)
        task.plot(GRID, [network(after, x).data for x in GRID], linewidth=3, **style)
        for k, numbers in enumerate(curves[name]):
            label = None if k else name
            losses.semilogy(numbers, marker="o", linewidth=3 - k, label=label, **style)
    task.set(title=f"After one step, seed {seed}", xlabel="x", ylabel="y")
    losses.set(title="Mean of new tasks, a line a seed", xlabel="steps on six points")
    losses.set(ylabel="loss")
    for axes in (task, losses):
        axes.legend(fontsize=12)
        axes.grid(alpha=0.3)
    path = save_figure(figure, output_path("maml"))[0]
    say(f"\nLook at how close to the points one step brings each line: {shown(path)}\n")


def main(backend: str = "auto", seed: int = 0, quick: bool = False) -> None:
    seeds = range(seed, seed + (1 if quick or backend == "eager" else 3))
    say("Tasks: sines of any phase, each told by six points. One network is trained to be good at")
    say("all of them as it is; the other, at each of them one gradient step later. For that, the")
    say("gradient of a loss after a gradient step is taken: second derivatives. A third has not")
    say("been trained at all.")
    curves: dict[str, list[list[float]]] = {"meta-learned": [], "all tasks": [], "untrained": []}
    starts: dict[str, tuple[Weights, float]] = {}
    for number in seeds:
        say(f"\n    seed {number}: loss after 0, 1, ... steps")
        meta, plain = (train(adapts, number, backend) for adapts in (True, False))
        untrained = first_weights(random.Random(number))
        for name, weights in zip(curves, (meta, plain, untrained), strict=True):
            as_learned = name == "meta-learned"
            found = (curve(meta, INNER_RATE), INNER_RATE) if as_learned else at_best_rates(weights)
            curves[name].append(found[0])
            starts.setdefault(name, (weights, found[1]))
            say(f"    {name:13} " + " ".join(f"{loss:.3f}" for loss in found[0]))
    say("\nThe other two step at the rate that suits each number of steps best. After a few steps")
    say("the untrained one is at some seeds as good a start as that of all tasks.")
    plot(starts, curves, seed)
    both = list(zip(curves["meta-learned"], curves["all tasks"], curves["untrained"], strict=True))
    claim("one step on six points takes five sixths of the loss off", all(
        learned[1] < learned[0] / 6 for learned, _, _ in both))  # fmt: skip
    claim("and brings it well below that of both others after one step", all(
        learned[1] < 0.8 * min(plain[1], new[1]) for learned, plain, new in both))  # fmt: skip
    try_next(
        "create_graph=False in adapted (first-order MAML): what do the second derivatives give?",
        "SHOTS at x > 0 only: what does it make of the other half?",
    )


if __name__ == "__main__":
    run_demo(main)
