"""A pole on a cart: a policy learns to balance it from nothing but how long it stayed up.

REINFORCE with a baseline (Williams, 1992).

python -m demos.policy_gradient
"""

import random
from collections.abc import Callable, Sequence
from math import sqrt
from statistics import mean, variance
from typing import Any, NamedTuple

from autograd import Value, compile, dot, gradients, sigmoid
from demos.claim import claim
from demos.extras import imports_from
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import MLP, Adam, binary_cross_entropy_with_logits

with imports_from("policy"):
    import gymnasium

LONGEST = 200  # steps of an episode; a reward of 1 for each step that the pole stays up
UPDATES = 40
EPISODES = 5  # played for each update


class Episode(NamedTuple):
    """What was seen at each step, what the policy said to it, and what was done."""

    seen: list[list[float]]
    logits: list[Value]
    actions: list[int]


def play(world: Any, policy: MLP, rng: random.Random) -> Episode:
    """Let the policy act: it pushes right with probability sigmoid(logit), else left."""
    observation, _ = world.reset(seed=rng.randrange(2**31))
    episode = Episode([], [], [])
    over = False
    while not over:
        seen = [float(number) for number in observation]  # place, speed, angle, its speed
        logit = policy(seen)
        action = int(rng.random() < sigmoid(logit.data))
        observation, _, fallen, too_long, _ = world.step(action)
        over = fallen or too_long
        episode.seen.append(seen)
        episode.logits.append(logit)
        episode.actions.append(action)
    return episode


def advantages(episodes: list[Episode], with_baseline: bool) -> list[float]:
    """Return for each step the return from here on, above the baseline: the mean of all returns."""
    to_go = [len(one.actions) - step for one in episodes for step in range(len(one.actions))]
    baseline = mean(to_go) if with_baseline else 0.0
    return [(g - baseline) / LONGEST for g in to_go]


def surrogate(episodes: list[Episode], with_baseline: bool) -> Value:
    """Return a loss whose gradient points, on average, against that of the expected return.

    It is -log p(action) × advantage, averaged over all steps: what went better than the baseline
    becomes more likely, what went worse less. The baseline hardly moves the average of this
    gradient, but takes away much of its noise.
    """
    logits = [logit for one in episodes for logit in one.logits]
    actions = [action for one in episodes for action in one.actions]
    surprises = binary_cross_entropy_with_logits(logits, actions, reduction="none")  # -log p(a)
    loss: Value = dot(advantages(episodes, with_baseline), surprises) / len(surprises)
    return loss


def descent(policy: MLP, with_baseline: bool, backend: str) -> Callable[[list[Episode]], Any]:
    """Return a function that adds the gradient of the surrogate of some episodes to ``grad``."""
    if backend == "eager":
        return lambda episodes: surrogate(episodes, with_baseline).backward()
    seen = [Value(0.0, label=name) for name in ("place", "speed", "angle", "turning")]
    action, advantage = Value(1.0, label="action"), Value(1.0, label="advantage")
    surprise = binary_cross_entropy_with_logits([policy(seen)], [action])
    inputs = [*seen, action, advantage]
    program = compile(
        advantage * surprise, inputs=inputs, parameters=policy.parameters(), backend=backend
    )

    def on_program(episodes: list[Episode]) -> Any:
        rows = [row for one in episodes for row in one.seen]
        actions = [float(done) for one in episodes for done in one.actions]
        return program([*zip(*rows, strict=True), actions, advantages(episodes, with_baseline)])

    return on_program


def setting(seed: int) -> tuple[Any, MLP, random.Random]:
    """Return the world, a policy that knows nothing yet, and what draws its actions."""
    world = gymnasium.make("CartPole-v1", max_episode_steps=LONGEST)
    return world, MLP(4, [8, 1], "tanh", rng=seed), random.Random(seed)


def noise(with_baseline: bool, seed: int, draws: int = 30) -> float:
    """Return the noise of the first gradient, from draw to draw, relative to its length."""
    world, policy, rng = setting(seed)
    drawn = []
    for _ in range(draws):
        episodes = [play(world, policy, rng) for _ in range(EPISODES)]
        drawn.append(gradients(surrogate(episodes, with_baseline), policy.parameters()))
    world.close()
    spread = sum(variance(column) for column in zip(*drawn, strict=True))
    return sqrt(spread / sum(mean(column) ** 2 for column in zip(*drawn, strict=True)))


def learn(
    with_baseline: bool, seed: int = 0, backend: str = "eager", updates: int = UPDATES
) -> list[int]:
    """Return the length of every episode played, in order."""
    world, policy, rng = setting(seed)
    optimizer = Adam(policy.parameters(), lr=0.06)
    add_gradient = descent(policy, with_baseline, backend)
    lengths = []
    for _ in range(updates):
        episodes = [play(world, policy, rng) for _ in range(EPISODES)]
        lengths += [len(one.actions) for one in episodes]
        optimizer.zero_grad()
        add_gradient(episodes)
        optimizer.step()
    world.close()
    return lengths


def smooth(lengths: list[int], window: int = 20) -> list[float]:
    """Return the mean of the last ``window`` episodes, after each."""
    return [mean(lengths[max(0, k - window) : k]) for k in range(1, len(lengths) + 1)]


def plot(curves: dict[bool, list[list[int]]], seeds: Sequence[int]) -> None:
    figure, axes = new_figure(width=9, height=5.5)
    for with_baseline, colour, line in ((True, BLUE, "-"), (False, ORANGE, "--")):
        name = "with" if with_baseline else "without"
        for k, (seed, lengths) in enumerate(zip(seeds, curves[with_baseline], strict=True)):
            axes.plot(smooth(lengths), color=colour, linestyle=line, linewidth=1.5 * (k + 1),
                      label=f"{name} baseline, seed {seed}")  # fmt: skip
    axes.set(title="From a few steps to 200", xlabel="episode", ylim=(0, LONGEST + 5),
             ylabel="steps upright, mean of 20 episodes")  # fmt: skip
    axes.legend()
    axes.grid(alpha=0.3)
    path = save_figure(figure, output_path("policy_gradient"))[0]
    say("\nSolid lines have the baseline. Without it most seeds learn as well, and some do not; a")
    say("few seeds prove little. What it surely does is to take noise off the gradient:")
    say(f"    {shown(path)}\n")


def main(backend: str = "eager", seed: int = 1, quick: bool = False) -> None:
    seeds, updates, draws = ((seed,), 10, 8) if quick else ((seed, seed + 1), UPDATES, 30)
    say("The cart is pushed left or right; the episode ends when the pole falls, or after")
    say(f"{LONGEST} steps. Nobody tells which push was right, and no derivative passes through the")
    say("world. But log p(action) has one: make likelier what was followed by a long life.\n")
    noises, curves = {}, {}
    for with_baseline, name in ((True, "with baseline"), (False, "without")):
        noises[with_baseline] = [noise(with_baseline, number, draws) for number in seeds]
        curves[with_baseline] = [learn(with_baseline, number, backend, updates) for number in seeds]
        found = noises[with_baseline], curves[with_baseline]
        for number, level, steps in zip(seeds, *found, strict=True):
            first, last = mean(steps[:25]), mean(steps[-25:])
            told = f"noise {level:.1f} × gradient; {first:.0f} → {last:.0f} steps"
            say(f"    {name:13} seed {number}: {told}")
    plot(curves, seeds)
    claim("the baseline takes noise off the gradient", sum(noises[True]) < 0.9 * sum(noises[False]))
    for number, steps in zip(seeds, curves[True], strict=True):
        learned_it = mean(steps[-25:]) > 3 * mean(steps[:25])
        claim(f"with baseline, seed {number}: the pole stays up three times as long", learned_it)
    try_next(
        "EPISODES = 1: which of the two needs the baseline more, few episodes or many?",
        "a reward that falls by 1 % a step (discounting): does the pole stay up sooner?",
    )


if __name__ == "__main__":
    run_demo(main)
