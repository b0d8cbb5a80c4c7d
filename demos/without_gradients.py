"""The same network without a gradient: a genetic algorithm, a particle swarm, and what they cost.

python -m demos.without_gradients
"""

from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

from demos.batch_loss import batch_loss, flat_loss
from demos.claim import claim
from demos.data import make_moons
from demos.extras import imports_from
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import MLP, Adam, binary_cross_entropy_with_logits

with imports_from("swarm"):
    import numpy as np
    from niapy.algorithms.basic import GeneticAlgorithm, ParticleSwarmAlgorithm
    from niapy.problems import Problem
    from niapy.task import Task

GOAL = 0.15
LIMIT = 6000  # forward passes
SEEDS = 8
PASSES = 3  # a backward pass is counted as two forward passes
POINTS, CLASSES = make_moons(40)
ROWS, TARGETS = [list(point) for point in POINTS], [int(c > 0) for c in CLASSES]


class Search(NamedTuple):
    """After how many forward passes which loss had been found."""

    passes: list[int]
    losses: list[float]

    @property
    def price(self) -> int:
        """The forward passes until the goal; all there were if it was not reached."""
        return self.passes[-1] if self.losses[-1] <= GOAL else LIMIT


class Weights(Problem):  # type: ignore[misc]  # niapy ships no types
    """Which weights make the loss small? All that is told of a guess is how good it is."""

    def __init__(self, backend: str) -> None:
        model = MLP(2, [8, 1], "tanh")
        self.loss = flat_loss(model, binary_cross_entropy_with_logits, 2, backend)
        super().__init__(dimension=len(model.parameters()), lower=-5, upper=5)

    def _evaluate(self, guess: Any) -> float:
        return self.loss(guess, np.array(ROWS), np.array(TARGETS, dtype=float))[0]


def genetic(seed: int) -> Any:
    """Guesses are crossed, the fitter ones more often, and mutate (Holland, 1975)."""
    return GeneticAlgorithm(
        population_size=20, tournament_size=5, crossover_rate=0.5, mutation_rate=0.02, seed=seed
    )


def swarm(seed: int) -> Any:
    """Guesses fly, drawn to the best place each has seen, and all (Kennedy, Eberhart, 1995)."""
    return ParticleSwarmAlgorithm(population_size=20, c1=1.5, c2=1.5, w=0.7, seed=seed)


def search(algorithm: Callable[[int], Any], seed: int, backend: str) -> Search:
    """Evaluate guess after guess, until one reaches the goal."""
    task = Task(Weights(backend), max_evals=LIMIT, cutoff_value=GOAL)
    algorithm(seed).run(task)
    passes, losses = task.convergence_data("evals")
    return Search([*map(int, passes)], [*map(float, losses)])


def backpropagate(seed: int, backend: str) -> Search:
    """Ask the gradient which way to go, step after step, until the goal is reached."""
    model = MLP(2, [8, 1], "tanh", rng=seed)
    optimizer = Adam(model.parameters(), lr=0.1)
    losses: list[float] = []
    loss_of = batch_loss(model, binary_cross_entropy_with_logits, ROWS, TARGETS, backend)
    while (not losses or losses[-1] > GOAL) and PASSES * len(losses) < LIMIT:
        optimizer.zero_grad()
        losses.append(loss_of(range(len(ROWS))))
        optimizer.step()
    passes = [PASSES * step for step in range(1, len(losses) + 1)]
    return Search(passes, losses)


def plot(searches: dict[str, list[Search]]) -> None:
    figure, axes = new_figure(width=9, height=5.5)
    styles = ((BLUE, "-", "o"), (GREEN, "--", "s"), (ORANGE, ":", "^"))
    for (name, found), (colour, line, marker) in zip(searches.items(), styles, strict=True):
        for k, one in enumerate(found):
            label = None if k else f"{name}, median {median(each.price for each in found):.0f}"
            axes.semilogx(one.passes, one.losses, color=colour, linestyle=line, linewidth=1.5,
                          marker=marker, markevery=[-1], markersize=9, label=label)  # fmt: skip
    axes.axhline(GOAL, color="#111111", linewidth=1)
    axes.set(title=f"Each to the same loss, seeds: {len(found)}", ylim=(0, 1.2), ylabel="best loss",
             xlabel="forward passes over all points (a backward pass counts as two)")  # fmt: skip
    axes.legend()
    axes.grid(alpha=0.3)
    path = save_figure(figure, output_path("without_gradients"))[0]
    say(f"\nLook where the lines end, and how far apart those of one kind do: {shown(path)}\n")


def main(backend: str = "auto", seed: int = 0, quick: bool = False) -> None:
    seeds = range(seed, seed + (2 if quick or backend == "eager" else SEEDS))
    say(f"A 2-8-1 network has 33 weights. The task: a loss of {GOAL} on 40 points of two moons.")
    say("A genetic algorithm and a particle swarm know one number of each guess, its loss;")
    say("a backward pass, for the price of at most two forward passes, tells 33 derivatives.\n")
    ways: dict[str, Callable[[int], Search]] = {
        "backpropagation": lambda number: backpropagate(number, backend),
        "particle swarm": lambda number: search(swarm, number, backend),
        "genetic algorithm": lambda number: search(genetic, number, backend),
    }
    searches = {name: [way(number) for number in seeds] for name, way in ways.items()}
    prices = {name: median(one.price for one in found) for name, found in searches.items()}
    for name, found in searches.items():
        passes = " ".join(f"{one.price:4}" for one in sorted(found, key=lambda one: one.price))
        say(f"    {name:18} {passes} forward passes; median {prices[name]:.0f}")
    say(f"\nThe lists are seeds {seeds[0]} to {seeds[-1]}, sorted; the limit is {LIMIT}. Searches")
    say("without gradients depend on luck the most: one seed of them says little.")
    plot(searches)
    reached = [one.losses[-1] <= GOAL for one in searches["backpropagation"]]
    claim("backpropagation gets there from every seed", all(reached))
    for name, times in (("particle swarm", 2), ("genetic algorithm", 5)):
        dearer = prices[name] > times * prices["backpropagation"]
        claim(f"{name}: more than {times} times the price, in the median", dearer)
    try_next(
        "population_size=100 in genetic: fewer generations, but what do they cost?",
        "MLP(2, [32, 1]) in both places: four times the weights. Which price grows the most?",
    )


if __name__ == "__main__":
    run_demo(main)
