"""Names: a GPT of Values learns how names are spelled, and makes up new ones.

python -m demos.names
"""

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import log
from pathlib import Path
from typing import NamedTuple

from autograd import softmax
from demos.claim import claim
from demos.extras import imports_from
from demos.gpt import BLOCK, GPT
from demos.name_lists import SYMBOLS, entropy, first_names, numbered, surprise
from demos.name_programs import (
    WITH_LANES,
    Array,
    Step,
    numbers_in,
    one_hot,
    show_in,
    step_on_graphs,
    step_on_programs,
)
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, PINK, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import Adam, LinearLR

with imports_from("demos"):
    import numpy as np
    from tqdm import tqdm


class Plan(NamedTuple):
    """How long to train."""

    steps: int
    names_a_step: int


PLANS = {"eager": Plan(1000, 1), "python": Plan(1500, 8)}  # about a minute each
ON_MATRICES = Plan(3000, 32)  # half a minute
QUICK = Plan(100, 8)
RATE, BETAS = 0.01, (0.85, 0.99)  # of Adam
WINDOW = 100  # steps that a shown loss is a mean of
SAMPLES, TEMPERATURE = 24, 0.7
SHOWN = "christina"


def by_length(names: Sequence[str]) -> list[list[str]]:
    found = defaultdict(list)
    for name in names:
        found[len(name)].append(name)
    return [*found.values()]


def batches(names: Sequence[str], size: int, rng: random.Random) -> Iterator[list[str]]:
    """Yield names of one length, ``size`` of them or what is left, epoch after epoch."""
    while True:
        epoch = []
        for alike in by_length(names):
            rng.shuffle(alike)
            epoch += [alike[k : k + size] for k in range(0, len(alike), size)]
        rng.shuffle(epoch)
        yield from epoch


def train(model: GPT, names: Sequence[str], plan: Plan, step: Step) -> list[float]:
    """Descend with Adam, at a rate that falls to zero in a line; return the losses.

    The 4,192 numbers move together, as one array: the formula is the same as for a single one.
    """
    optimizer = Adam(model.parameters(), lr=RATE, betas=BETAS)
    schedule = LinearLR(optimizer, 1.0, 0.0, plan.steps)
    weights, losses = numbers_in(optimizer.parameters), []
    memory: dict[str, Array] = {}
    ahead = batches(names, plan.names_a_step, random.Random(0))
    progress = tqdm(range(plan.steps), desc="training", unit="step")
    for _ in progress:
        loss, gradient = step(weights, next(ahead))
        weights = optimizer.updated(weights, gradient, memory)
        schedule.step()
        losses.append(loss)
        progress.set_postfix(loss=f"{np.mean(losses[-WINDOW:]):.3f}", refresh=False)
    show_in(optimizer.parameters, weights)
    return losses


def loss_on(names: Sequence[str], weights: Array, step: Step) -> float:
    """Return the loss a symbol."""
    summed = sum(step(weights, alike)[0] * symbols_in(alike) for alike in by_length(names))
    return summed / symbols_in(names)


def symbols_in(names: Sequence[str]) -> int:
    return sum(len(name) + 1 for name in names)  # and the dot at the end


def smooth(losses: Sequence[float]) -> Array:
    """Return for each step the mean of the last losses, of WINDOW steps at most."""
    sums = np.concatenate([[0.0], np.cumsum(losses)])
    ends = np.arange(1, len(losses) + 1)
    starts = np.maximum(ends - WINDOW, 0)
    return (sums[ends] - sums[starts]) / (ends - starts)


def made_up(model: GPT, rng: random.Random) -> str:
    """Return a name, drawn letter by letter; a TEMPERATURE below 1 favours what is likely."""
    name = ""
    while len(name) < BLOCK - 1:  # the dot before it takes a place too
        logits = model([one_hot(number) for number in numbered(name)[:-1]])[-1]
        weights = [p.data for p in softmax([z / TEMPERATURE for z in logits])]
        (symbol,) = rng.choices(SYMBOLS, weights)
        if symbol == SYMBOLS[0]:
            break
        name += symbol
    return name


def save_losses(losses: Sequence[float], entropies: dict[str, float], held_out: float) -> Path:
    """Plot the loss by step, and lines at what counting can reach."""
    figure, axes = new_figure(width=8)
    n = len(losses)
    axes.plot(range(1, n + 1), smooth(losses), color=BLUE, linewidth=2)
    for (what, nats), colour in zip(entropies.items(), (ORANGE, PINK), strict=True):
        axes.axhline(nats, color=colour, linestyle="--", linewidth=2)
        axes.text(n, nats + 0.02, f"entropy of {what}", color=colour, ha="right")
    axes.plot(n, held_out, "D", color=GREEN, markersize=9)
    axes.text(n * 0.98, held_out + 0.04, "on names held out", color=GREEN, ha="right")
    axes.set(xlabel="step", ylabel="loss, nats a symbol")
    axes.grid(alpha=0.3)
    return save_figure(figure, output_path("names_loss"))[0]


def save_maps(model: GPT, name: str) -> Path:
    """Plot where each head looks, from each symbol, to foretell the next one."""
    symbols = [*f".{name}"]
    places = range(len(symbols))
    figure, axes = new_figure(2, 2, width=5.6, height=5)
    maps = model.maps([one_hot(number) for number in numbered(name)[:-1]])
    for k, (panel, rows) in enumerate(zip(axes.flat, maps, strict=True), start=1):
        padded = [[w.data for w in row] + [0.0] * (len(rows) - len(row)) for row in rows]
        image = panel.imshow(padded, vmin=0, vmax=1, cmap="Blues")
        panel.set_xticks(places, symbols)
        panel.set_yticks(places, symbols)
        panel.set(title=f"head {k}", xlabel="looks at", ylabel="has read up to")
        figure.colorbar(image, ax=panel, fraction=0.046, label="attention")
    return save_figure(figure, output_path("names_attention"))[0]


def compare(names: Sequence[str], weights: Array, steps: Sequence[Step], how: str) -> None:
    """Do one step on graphs and on the program, time both, and check one by the other."""
    seconds, found = [], []
    for step in steps:
        step(weights, names)  # a program is compiled
        start = time.perf_counter()
        loss, gradient = step(weights, names)
        seconds.append(time.perf_counter() - start)
        found.append(np.array([loss, *gradient]))
    count = f"{len(names)} names" if len(names) > 1 else "a single name"
    say(f"A step of {count} of {len(names[0])} letters: {seconds[0]:.2f} s on graphs,")
    say(f"{seconds[1] * 1000:.2f} ms on a program, {how} side by side.\n")
    error = np.abs(found[0] - found[1]).max()
    claim("both give the same loss and the same 4,192 derivatives, to 1e-12", error < 1e-12)
    say()


def tell_losses(training: Sequence[str], held_out: Sequence[str], of_gpt: Sequence[float]) -> None:
    evenly = log(len(SYMBOLS))
    table = {
        "all symbols alike": (evenly, evenly),
        "counts of letters": (entropy(training, 0), surprise(held_out, training, 0)),
        "counts of pairs": (entropy(training, 1), surprise(held_out, training, 1)),
        "the GPT": of_gpt,
    }
    say(f"\nLoss, nats a symbol:      {'learned from':>14}{'held out':>12}")
    for what, (seen, unseen) in table.items():
        say(f"    {what:22}{seen:14.3f}{unseen:12.3f}")
    say("On the names that they were counted in, the loss of counts is their entropy.\n")


def tell_samples(model: GPT, training: Sequence[str], held_out: Sequence[str]) -> None:
    """Show names it makes up, and which of them are in the lists."""
    rng = random.Random(1)
    names = [made_up(model, rng) for _ in range(SAMPLES)]
    marks = dict.fromkeys(training, "*") | dict.fromkeys(held_out, "+")
    say(f"{SAMPLES} names that it makes up (* it learned from, + is held out, the others are new):")
    for k in range(0, SAMPLES, 6):
        row = [name + marks.get(name, "") for name in names[k : k + 6]]
        say("    " + "".join(f"{name:13}" for name in row).rstrip())
    say(f"{sum(name not in marks for name in names)} of them are in neither list.\n")


def main(backend: str = "auto", seed: int = 0, quick: bool = False) -> None:
    training, held_out = first_names()
    model = GPT(len(SYMBOLS), random.Random(seed))
    parameters = model.parameters()
    say(f"{len(training):,} first names to learn from, and {len(held_out)} held out, such as")
    say(f"    {', '.join(held_out[:8])}.")
    say(f"A GPT of {len(parameters):,} Values: one layer, 4 heads, 16 numbers wide.\n")
    on_graphs = step_on_graphs(model)
    on_programs = step_on_programs(model, "auto" if backend == "eager" else backend)
    alike = [name for name in training if len(name) == 6][:8]
    steps = [on_graphs, on_programs]
    compare(alike, numbers_in(parameters), steps, "the names")
    if backend in WITH_LANES:
        compare(alike[:1], numbers_in(parameters), steps, "its positions")
    plan = QUICK if quick else PLANS.get(backend, ON_MATRICES)
    say(f"It trains for {plan.steps:,} steps; names a step: {plan.names_a_step} ...")
    losses = train(model, training, plan, on_graphs if backend == "eager" else on_programs)
    weights = numbers_in(parameters)
    seen, unseen = (loss_on(names, weights, on_programs) for names in (training, held_out))
    tell_losses(training, held_out, (seen, unseen))
    tell_samples(model, training, held_out)
    entropies = {"letters": entropy(training, 0), "pairs": entropy(training, 1)}
    claim("it is below the entropy of pairs: it looks back further", seen < entropies["pairs"])
    counted = surprise(held_out, training, 1)
    claim("it foretells names held out better than the counts of pairs do", unseen < counted)
    paths = save_losses(losses, entropies, unseen), save_maps(model, SHOWN)
    say("\nWatch the loss pass what counting can reach, and where each head looks:")
    for path in paths:
        say(f"    {shown(path)}")
    try_next(
        "TEMPERATURE = 1.2: what becomes of the names?",
        "python -m demos.names --backend eager: the same, on graphs, name by name",
    )


if __name__ == "__main__":
    run_demo(main)
