"""A batch in parts: their gradients add up to that of the whole, in any order.

backward() adds to the leaves what each part contributes, and each part's graph is gone before the
next one is built: the same step in less memory. The parts may as well be on several machines.

python -m demos.microbatches
"""

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from autograd import Value, dot
from autograd.graph import topological_order
from demos.claim import claim
from demos.data import make_moons
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import BatchNorm, Layer, Module, Sequential, mse_loss

EPS = 2.0**-52
Row = tuple[Sequence[float], list[float]]
Part = Sequence[Row]


def cut(rows: Part, sizes: Sequence[int]) -> list[Part]:
    """Return the rows in parts of these sizes."""
    ends = [sum(sizes[: k + 1]) for k in range(len(sizes))]
    return [rows[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def gathered(
    model: Module, parts: Sequence[Part], *, is_weighted: bool = True
) -> tuple[list[float], int]:
    """Return the gradient that all parts add to the leaves, and the largest graph on the way.

    The mean over all rows is the sum over parts of (rows in the part / all rows) × its mean.
    """
    model.zero_grad()
    n_rows, largest = sum(map(len, parts)), 0
    for part in parts:
        outputs = model.batch([point for point, _ in part])
        weight = len(part) / n_rows if is_weighted else 1 / len(parts)
        loss = mse_loss(outputs, [target for _, target in part]) * weight
        loss.backward()
        largest = max(largest, len(topological_order(loss)))
    return [float(p.grad) for p in model.parameters()], largest


def difference(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the largest difference, relative to the largest number."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) / max(map(abs, one))


def fit_exactly(seed: int) -> None:
    """In fractions nothing is rounded, so the order cannot matter at all."""
    say("Act 1. A linear neuron on 12 rows, in fractions, so that nothing is rounded.\n")
    rng = random.Random(seed)
    w = [Value(Fraction(k, 3)) for k in (1, -2, 4)]
    rows = [([Fraction(rng.randrange(9), 4) for _ in w], rng.randrange(5)) for _ in range(12)]

    def gradient(order: Sequence[int]) -> list[Any]:
        for v in w:
            v.grad = 0
        for k in order:
            x, target = rows[k]
            ((dot(w, x) - target) ** 2 * Fraction(1, 12)).backward()
        return [v.grad for v in w]

    whole = gradient(range(12))
    say(f"    in order  {', '.join(map(str, whole))}")
    shuffled = [gradient(rng.sample(range(12), 12)) for _ in range(20)]
    claim("20 other orders of the rows give the very same gradient", shuffled == [whole] * 20)


def save_picture(sizes: dict[int, int], errors: dict[str, float]) -> None:
    figure, (left, right) = new_figure(2, height=4.8)
    left.bar(list(map(str, sizes)), list(sizes.values()), color=BLUE)
    left.set(title="Nodes alive at once", xlabel="parts of the batch")
    names = [name.replace(", ", ",\n") for name in errors]
    right.barh(names, [max(e, EPS / 4) for e in errors.values()], color=ORANGE)
    right.set(title="Difference to the whole batch", xscale="log", xlim=(EPS / 4, 10))
    right.invert_yaxis()
    right.axvline(EPS, color="#111111", linestyle=":")
    right.grid(alpha=0.3, axis="x")
    picture = save_figure(figure, output_path("microbatches"))[0]
    say(f"\nThe dotted line is one rounding. Which of the bars are not roundings? {shown(picture)}")


def split_evenly(rows: Part, model: Module) -> dict[int, int]:
    """Return the nodes of the largest graph, by the number of parts."""
    say("\nAct 2. A 2-8-1 network on 96 points, in floats: the gradient of one step.\n")
    whole, _ = gathered(model, [rows])
    sizes, worst = {}, 0.0
    for n_parts in (1, 2, 4, 8, 32):
        found, sizes[n_parts] = gathered(model, cut(rows, [96 // n_parts] * n_parts))
        worst = max(worst, difference(whole, found))
        say(f"    {n_parts:2} parts: {sizes[n_parts]:5} nodes alive, difference {worst:.0e}")
    claim("a quarter of the batch at a time needs a third of the nodes", sizes[4] * 3 < sizes[1])
    claim("and all agree to 50 roundings", worst < 50 * EPS)
    return sizes


def split_unevenly(rows: Part, model: Module) -> dict[str, float]:
    """Return the difference to the gradient of the whole batch, by way of cutting it."""
    whole, _ = gathered(model, [rows])
    parts = cut(rows, [60, 30, 5, 1])
    found = [gathered(model, random.Random(k).sample(parts, 4))[0] for k in range(10)]
    errors = {"uneven parts, any order": max(difference(whole, one) for one in found)}
    claim("parts of 60, 30, 5 and 1 rows too, in 10 orders", max(errors.values()) < 50 * EPS)
    again = [gathered(model, parts)[0] for _ in range(2)]
    claim("in the same order, they give the same bits", again[0] == again[1])
    say("That is why a program adds up blocks of rows in a fixed order, whoever computed them.")
    say("\nAct 3. Two mistakes. The mean of the parts' means is not the mean of uneven parts; and")
    say("batch norm looks at the rows of its part: it is another function for each cut.\n")
    means, _ = gathered(model, parts, is_weighted=False)
    errors["uneven parts, mean of means"] = difference(whole, means)
    normed = Sequential(Layer(2, 8, "tanh"), BatchNorm(8), Layer(8, 1, "linear", rng=1))
    (of_whole, _), (of_parts, _) = (gathered(normed, cut(rows, s)) for s in ([96], [24] * 4))
    errors["equal parts, batch norm"] = difference(of_whole, of_parts)
    for name in list(errors)[1:]:
        claim(f"{name}: off by {errors[name]:.1%}", errors[name] > 0.001)
    return errors


def main(seed: int = 0) -> None:
    fit_exactly(seed)
    rows = [(point, [float(c)]) for point, c in zip(*make_moons(96, seed=seed + 1), strict=True)]
    model = Sequential(Layer(2, 8, "tanh"), Layer(8, 1, "linear", rng=1))
    save_picture(split_evenly(rows, model), split_unevenly(rows, model))
    try_next(
        "Put LayerNorm for BatchNorm. Why is it the same function for each cut?",
        "python -m demos.data_parallel: the parts on several processes.",
    )


if __name__ == "__main__":
    run_demo(main)
